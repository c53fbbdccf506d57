import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { NotReadyError } from "../../lib/broker/broker.ts";
import { connectIb } from "../../lib/broker/ib.ts";
import { WallClock } from "../../lib/clock.ts";
import { HostileTws, type Peer } from "./hostile_tws.ts";
import { CLIENT_ID, notices, rig, states } from "./rig.ts";

/** Every way a connection can fail to become ready, and what the error then says. */

const nothing = (): void => {};

function notReady(missing: string, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof NotReadyError, `Expected a NotReadyError, got ${error}`);
    strictEqual(error.missing, missing);
    match(error.message, message);
    return true;
  };
}

Deno.test(
  "connectIb() says exactly the greeting and START_API, and nothing more before TWS is ready",
  rig({}, async ({ tws, connect }) => {
    const broker = await connect();
    const text = String.fromCharCode(...tws.peer.greeting);
    strictEqual(text, "API\0v100..193");
    deepStrictEqual(tws.peer.requests, [["71", "2", String(CLIENT_ID), ""]]);
    deepStrictEqual(broker.ready, {
      serverVersion: 178,
      connectionTime: "20260402 09:30:00 EST",
      accounts: ["DU1"],
      nextOrderId: 1,
    });
  }),
);

Deno.test(
  "connectIb() is ready only with nextValidId and managedAccounts, in either order",
  rig({
    onStart: (peer) => {
      peer.send(9, 1, 40);
      peer.send(4, 2, -1, 2104, "Market data farm connection is OK:usfarm", "");
      peer.send(15, 1, "DU1,DU2,");
    },
  }, async ({ connect, events }) => {
    const broker = await connect();
    strictEqual(broker.ready.nextOrderId, 40);
    deepStrictEqual(broker.ready.accounts, ["DU1", "DU2"]);
    deepStrictEqual(states(events), ["connecting", "ready"]);
    deepStrictEqual(notices(events), ["2104 Market data farm connection is OK:usfarm"]);
  }),
);

Deno.test(
  "C1, C15: connectIb() names nextValidId when TWS keeps it back, and managedAccounts when it sends none",
  async (t) => {
    await t.step(
      "nextValidId",
      rig({ onStart: (peer) => peer.send(15, 1, "DU1") }, async ({ connect, tws }) => {
        await rejects(connect(), notReady("nextValidId", /missing nextValidId: nothing came/));
        await tws.peer.until(() => tws.open === 0);
      }),
    );
    await t.step(
      "managedAccounts",
      rig({ onStart: (peer) => peer.ready(1, "") }, async ({ connect }) => {
        await rejects(connect(), notReady("managedAccounts", /missing managedAccounts/));
      }),
    );
    await t.step(
      "both",
      rig({ onStart: nothing }, async ({ connect }) => {
        await rejects(connect(), notReady("nextValidId", /nextValidId and managedAccounts/));
      }),
    );
  },
);

Deno.test(
  "connectIb() repeats what TWS said while it did not get ready",
  rig({
    onStart: (peer) => {
      peer.send(4, 2, -1, 2104, "Market data farm connection is OK:usfarm", "");
      peer.send(4, 2, -1, 10141, "Paper trading disclaimer must first be accepted", "");
    },
  }, async ({ connect }) => {
    const said =
      /TWS said 10141: Paper trading disclaimer must first be accepted \(Accept it in TWS\)/;
    await rejects(connect(), notReady("nextValidId", said));
    await rejects(connect(), (error) => !String(error).includes("2104"));
  }),
);

Deno.test(
  "C1: connectIb() gives up on a silent TWS within the handshake limit and resets the link",
  rig({ onGreeting: nothing }, async ({ clock, tws, connect }) => {
    const startedAt = clock.now();
    await rejects(connect(), notReady("server-version", /missing server-version: nothing came/));
    strictEqual(clock.now() - startedAt, 5_000);
    await tws.peer.until(() => tws.open === 0);
  }),
);

Deno.test("connectIb() says so when TWS closes at once or after the greeting", async (t) => {
  await t.step(
    "FIN at once",
    rig({ onConnect: (peer) => peer.hangUp() }, async ({ connect }) => {
      await rejects(connect(), notReady("server-version", /TWS closed the link/));
    }),
  );
  await t.step(
    "FIN after the greeting",
    rig({ onGreeting: (peer) => peer.hangUp() }, async ({ connect }) => {
      await rejects(connect(), notReady("server-version", /TWS closed the link.*Trusted IPs/));
    }),
  );
  await t.step(
    "FIN after START_API",
    rig({ onStart: (peer) => peer.hangUp() }, async ({ connect }) => {
      await rejects(connect(), notReady("nextValidId", /TWS closed the link/));
    }),
  );
});

Deno.test(
  "connectIb() survives a reset before the greeting, and a session survives one as a closed event",
  async (t) => {
    await t.step(
      "before",
      rig({ onGreeting: (peer) => peer.reset() }, async ({ connect }) => {
        await rejects(connect(), notReady("server-version", /ECONNRESET/));
      }),
    );
    await t.step(
      "in session",
      rig({}, async ({ connect, tws, events }) => {
        const broker = await connect();
        const answer = broker.currentTime();
        await tws.peer.until(() => tws.peer.requestsOf(49).length === 1);
        tws.peer.reset();
        await rejects(answer, notReady("tcp", /ECONNRESET/));
        deepStrictEqual(states(events), ["connecting", "ready", "closed"]);
      }),
    );
  },
);

Deno.test("connectIb() names TCP, the cause and the ports when nobody listens", async (t) => {
  await t.step(
    "refused",
    rig({}, async ({ connect, tws }) => {
      await tws[Symbol.asyncDispose]();
      await rejects(connect(), notReady("tcp", /ECONNREFUSED.*paper 4002.*paper 7497/));
    }),
  );
  await t.step(
    "unknown host",
    rig({}, async ({ connect }) => {
      // Without the permission to ask a name server the name is as unknown.
      const unknown = connect({ host: "unknown.invalid" });
      await rejects(unknown, notReady("tcp", /getaddrinfo E.*(host name|permission set)/));
    }),
  );
  await t.step(
    "a host this process may not reach",
    rig({}, async ({ connect }) => {
      await rejects(connect({ host: "127.0.0.2" }), Deno.errors.NotCapable);
    }),
  );
  await t.step(
    "connect limit",
    rig({}, async ({ clock, options }) => {
      // The clock is past the limit before the event loop can hear of the connection.
      const dialling = connectIb(options({ connectTimeoutMs: 10 }));
      clock.step();
      await rejects(dialling, notReady("tcp", /no answer within 10 ms/));
    }),
  );
});

Deno.test("connectIb() refuses what is not TWS at once, without waiting for more", async (t) => {
  const strangers: Record<string, Uint8Array> = {
    "HTTP": new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"),
    "TLS alert": new Uint8Array([0x15, 3, 1, 0, 2, 2, 10]),
    "SSH": new TextEncoder().encode("SSH-2.0-OpenSSH_9.6\r\n"),
    "an empty frame": new Uint8Array([0, 0, 0, 0]),
    "a length with the top bit set": new Uint8Array([0xff, 0xff, 0xff, 0xfc, 1, 2]),
    "a length of 2 GB": new Uint8Array([0x7f, 0xff, 0xff, 0xff, 1, 2]),
  };
  for (const [name, bytes] of Object.entries(strangers)) {
    await t.step(
      name,
      rig({ onGreeting: (peer) => peer.raw(bytes) }, async ({ clock, connect }) => {
        const startedAt = clock.now();
        await rejects(connect(), notReady("server-version", /not TWS/));
        strictEqual(clock.now(), startedAt);
      }),
    );
  }
});

Deno.test("connectIb() refuses a server version that is no number or out of range", async (t) => {
  for (const version of ["abc", "", "NaN", "178.5", "76", "99", "194", "210"]) {
    await t.step(
      `version "${version}"`,
      rig({ onGreeting: (peer) => peer.greet(version) }, async ({ tws, connect }) => {
        const cannot = `Cannot talk to server version "${version}"`;
        await rejects(connect(), notReady("server-version", new RegExp(cannot)));
        deepStrictEqual(tws.peer.requests, []);
        await tws.peer.until(() => tws.open === 0);
      }),
    );
  }
});

Deno.test("connectIb() accepts the oldest and the newest version it announces", async (t) => {
  for (const version of [100, 193]) {
    await t.step(
      `version ${version}`,
      rig({ onGreeting: (peer) => peer.greet(version) }, async ({ connect }) => {
        strictEqual((await connect()).ready.serverVersion, version);
      }),
    );
  }
});

Deno.test(
  "connectIb() says that the client id is in use, and never tries another",
  rig({
    onStart: (peer) => {
      peer.send(4, 2, -1, 326, "Unable connect as the client id is already in use.", "");
      peer.hangUp();
    },
  }, async ({ connect, tws, events }) => {
    await rejects(connect(), notReady("client-id", /Client id 7 is in use \(326\)/));
    strictEqual(tws.peers.length, 1);
    deepStrictEqual(states(events), ["connecting", "closed"]);
  }),
);

Deno.test("connectIb() reads a greeting that comes byte by byte", async () => {
  const answer = (peer: Peer): void => {
    for (const byte of [0, 0, 0, 9, 49, 55, 56, 0, 84, 73, 77, 69, 0]) {
      peer.raw(new Uint8Array([byte]));
    }
  };
  await rig({ onGreeting: answer }, async ({ connect }) => {
    strictEqual((await connect()).ready.connectionTime, "TIME");
  })();
});

Deno.test(
  "connectIb() refuses order ids that would reach into those of requests",
  rig({ onStart: (peer) => peer.ready(1_700_000_000) }, async ({ connect }) => {
    await rejects(connect(), notReady("nextValidId", /Reset API order ID sequence/));
  }),
);

Deno.test(
  "connectIb() refuses an account the login does not manage",
  rig({}, async ({ connect }) => {
    await rejects(connect({ account: "U99" }), notReady("account", /no account "U99"/));
  }),
);

Deno.test(
  "connectIb() refuses options that would make a limit endless, before it dials",
  rig({}, async ({ connect, tws }) => {
    for (
      const changes of [
        { port: 0 },
        { clientId: -1 },
        { clientId: 1.5 },
        { orderIdFloor: NaN },
        { maxMessagesPerSecond: 0 },
        { maxMessagesPerSecond: 100_000 },
        { connectTimeoutMs: Infinity },
        { handshakeTimeoutMs: 0 },
        { answerTimeoutMs: NaN },
        { heartbeatMs: -1 },
      ]
    ) await rejects(connect(changes), RangeError);
    strictEqual(tws.peers.length, 0);
  }),
);

Deno.test("connectIb() ends at once when its signal aborts", async (t) => {
  await t.step(
    "before",
    rig({}, async ({ connect, tws }) => {
      const reason = new Error("Stopped by the user");
      await rejects(connect({ signal: AbortSignal.abort(reason) }), reason);
      strictEqual(tws.peers.length, 0);
    }),
  );
  await t.step(
    "while TWS is silent",
    rig({ onGreeting: nothing }, async ({ clock, connect, tws }) => {
      const startedAt = clock.now();
      const abort = new AbortController();
      const connecting = connect({ signal: abort.signal, handshakeTimeoutMs: 1e9 });
      clock.at(startedAt + 250, () => abort.abort(new Error("Stopped by the user")));
      await rejects(connecting, /Stopped by the user/);
      strictEqual(clock.now() - startedAt, 250);
      await tws.peer.until(() => tws.open === 0);
    }),
  );
});

Deno.test(
  "connectIb() called inside the closed event makes a second, clean connection",
  rig({
    onRequest: (fields, peer) => {
      if (fields[0] === "49") peer.send(49, 1, 1_775_136_600);
    },
  }, async ({ connect, tws }) => {
    const again = Promise.withResolvers<number>();
    await connect({
      onEvent: (event) => {
        if (event.type !== "connection" || event.state !== "closed") return;
        connect({ onEvent: nothing }).then((broker) => broker.currentTime())
          .then(again.resolve, again.reject);
      },
    });
    tws.peer.hangUp();
    strictEqual(await again.promise, 1_775_136_600_000);
    strictEqual(tws.peers.length, 2);
    // One greeting each: nothing of the first connection leaked into the second.
    deepStrictEqual(tws.peers.map(({ greeting }) => greeting.length), [13, 13]);
    deepStrictEqual(tws.peer.requests.map(([id]) => id), ["71", "49"]);
  }),
);

Deno.test("three hundred connections leave no socket behind", async () => {
  await using tws = await HostileTws.listen();
  const clock = new WallClock();
  for (let i = 0; i < 300; i++) {
    const broker = await connectIb({
      host: "127.0.0.1",
      port: tws.port,
      clientId: CLIENT_ID,
      clock,
      connectTimeoutMs: 5_000,
      handshakeTimeoutMs: 5_000,
      answerTimeoutMs: 5_000,
    });
    await broker.close();
  }
  await tws.peer.until(() => tws.open === 0);
  strictEqual(tws.peers.length, 300);
});
