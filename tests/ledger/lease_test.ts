import { match, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LeasedError, type LeaseOwner, takeLease } from "../../lib/ledger/lease.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";

const OWNER: LeaseOwner = { host: "office", pid: 10, date: "2026-11-20", since: 0 };

function withLedger(work: (path: string) => void): void {
  const folder = Deno.makeTempDirSync({ prefix: "lease-" });
  try {
    const path = join(folder, "ledger.sqlite");
    openLedger(path).close();
    work(path);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("takeLease() refuses a ledger another machine trades on today, and names the machine", () => {
  withLedger((path) => {
    takeLease(path, OWNER);
    throws(() => takeLease(path, { ...OWNER, host: "cellar", pid: 11 }), (error: Error) => {
      strictEqual(error instanceof LeasedError, true);
      match(error.message, /office \(pid 10\) trades on ledger .* on 2026-11-20/);
      return true;
    });
  });
});

Deno.test("takeLease() lets the next machine in once the lease is released", () => {
  withLedger((path) => {
    takeLease(path, OWNER).release();
    takeLease(path, { ...OWNER, host: "cellar" }).release();
  });
});

Deno.test("takeLease() takes over what a killed session of the same machine left behind", () => {
  withLedger((path) => {
    takeLease(path, OWNER);
    takeLease(path, { ...OWNER, pid: 99 });
  });
});

Deno.test("takeLease() takes over the lease of a day that is over, but not of a later one", () => {
  withLedger((path) => {
    takeLease(path, OWNER);
    takeLease(path, { ...OWNER, host: "cellar", date: "2026-11-23" });
    throws(() => takeLease(path, OWNER), LeasedError);
  });
});

Deno.test("P6: openLedger() brings a ledger of the first schema up to date with every entry kept", () => {
  withLedger((path) => {
    const ledger = openLedger(path);
    ledger.append("s", 1, [{ kind: "halted", actor: "a", because: "b" }]);
    const head = ledger.head();
    ledger.close();
    const db = new DatabaseSync(path);
    db.exec("DROP TABLE lease; PRAGMA user_version = 1");
    db.close();
    const migrated = openLedger(path);
    strictEqual(migrated.head()?.hash, head?.hash);
    strictEqual(migrated.firstBreak(), null);
    migrated.close();
    takeLease(path, OWNER).release();
  });
});
