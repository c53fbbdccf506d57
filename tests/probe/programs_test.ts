import assert from "node:assert/strict";
import { describeProgram, type ProgramKind } from "../../lib/probe/programs.ts";

function describe(commandLine: string): ReturnType<typeof describeProgram> {
  return describeProgram({
    pid: 1,
    parentPid: null,
    user: null,
    state: null,
    ageMs: null,
    cpuPercent: null,
    commandLine,
  }, null);
}

const KINDS: readonly (readonly [string, ProgramKind, string])[] = [
  [
    "/opt/ibgateway/jre/bin/java -cp x -Xmx768m ibgateway.GWClient /home/trader/Jts",
    "ib-gateway",
    "IB Gateway",
  ],
  ["/home/trader/Jts/1030/jre/bin/java -cp x jclient.LoginFrame /home/trader/Jts", "tws", "TWS"],
  [
    "/Applications/Trader Workstation/Trader Workstation.app/Contents/MacOS/JavaApplicationStub",
    "tws",
    "TWS",
  ],
  ["C:\\Jts\\tws.exe", "tws", "TWS"],
  ["C:\\Jts\\ibgateway\\1030\\ibgateway.exe", "ib-gateway", "IB Gateway"],
  ["/usr/lib/jvm/bin/java -jar app.jar", "java", "java"],
  ["/opt/ntws/ntws", "ibkr-desktop", "IBKR Desktop"],
  [
    "java -cp x ibgroup.web.core.clientportal.gw.GatewayStart",
    "client-portal",
    "Client Portal Gateway",
  ],
  ["deno run -q -P=gateway --no-prompt main.ts gateway", "simulator", "simulated Gateway"],
  ["deno run -q -P=probe main.ts probe --host gateway", "deno", "deno main.ts"],
  ["socat TCP-LISTEN:4004,fork TCP:127.0.0.1:4002", "relay", "socat"],
  ["sshd: trader@pts/0", "relay", "sshd"],
  ["/usr/bin/python3.11 /home/me/bot.py --password secret", "other", "python3.11 bot.py"],
  ["python3 -m ibgateway_watch", "other", "python3"],
];

for (const [commandLine, kind, label] of KINDS) {
  Deno.test(`describeProgram() knows "${label}" by ${commandLine.slice(0, 60)}`, () => {
    const program = describe(commandLine);
    assert.equal(program.kind, kind);
    assert.equal(program.label, label);
  });
}

const TARGETS: readonly (readonly [string, string | null])[] = [
  ["socat TCP-LISTEN:4004,fork,reuseaddr TCP:127.0.0.1:4002", "127.0.0.1:4002"],
  [
    "/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 4002 -container-ip 172.17.0.2 -container-port 4004",
    "172.17.0.2:4004",
  ],
  ["ssh -N -L 4002:127.0.0.1:4001 trader@far", "127.0.0.1:4001"],
  ["ssh -NL4002:gateway:4001 far", null],
  ["haproxy -f /etc/haproxy.cfg", null],
];

for (const [commandLine, target] of TARGETS) {
  Deno.test(`describeProgram() reads where "${commandLine.slice(0, 50)}" forwards to`, () => {
    assert.equal(describe(commandLine).forwardsTo, target);
  });
}

Deno.test("describeProgram() keeps no part of a command line that may be a secret", () => {
  const program = describe("java ibcalpha.ibc.IbcGateway /opt/ibc/config.ini trader hunter2 paper");
  assert.ok(!JSON.stringify(program).includes("hunter2"));
});
