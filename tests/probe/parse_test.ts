import assert from "node:assert/strict";
import { mergeMac } from "../../lib/probe/machine.ts";
import { parsePowershell } from "../../lib/probe/parse_powershell.ts";
import { parsePs } from "../../lib/probe/parse_ps.ts";
import { parseSs } from "../../lib/probe/parse_ss.ts";
import { listenersFor, serverSideOf } from "../../lib/probe/sockets.ts";

/** Recorded on Debian 12, iproute2 6.1: Python listeners with clients in every state the probe reads. */
const SS = `
LISTEN     2      5               127.0.0.1:4002             0.0.0.0:*     users:(("python3",pid=25433,fd=3)) ino:58610 sk:10 cgroup:/ <->
FIN-WAIT-2 0      0               127.0.0.1:41694          127.0.0.1:7497  timer:(timewait,59sec,0) ino:0 sk:11
TIME-WAIT  0      0               127.0.0.1:45835          127.0.0.1:41984 timer:(timewait,1.280ms,0) ino:0 sk:a
ESTAB      17     0               127.0.0.1:4002           127.0.0.1:52400 users:(("python3",pid=25433,fd=8)) ino:58615 sk:12 cgroup:/ <->
CLOSE-WAIT 1      0               127.0.0.1:4002           127.0.0.1:52426 ino:0 sk:13 cgroup:/ -->
ESTAB      17     0               127.0.0.1:4002           127.0.0.1:52412 ino:0 sk:14 cgroup:/ <->
ESTAB      0      0               127.0.0.1:52400          127.0.0.1:4002  users:(("python3",pid=25433,fd=5)) ino:58612 sk:15 cgroup:/ <->
LISTEN     1      50                      *:7497                   *:*     users:(("python3",pid=25433,fd=4)) ino:58611 sk:18 cgroup:/ v6only:0 <->
LISTEN     0      128                  [::]:7496                [::]:*     users:(("python3",pid=25433,fd=5)) ino:58619 sk:1c cgroup:/ v6only:1 <->
ESTAB      17     0                   [::1]:7497               [::1]:39390 ino:0 sk:1a cgroup:/ <->
CLOSE-WAIT 1      0      [::ffff:127.0.0.1]:7497  [::ffff:127.0.0.1]:41694 users:(("python3",pid=25433,fd=9)) ino:58617 sk:1b cgroup:/ -->
ESTAB      0      36     10.0.0.5:22   10.0.0.9:51500 timer:(on,200ms,0) uid:1000 ino:77 sk:2 <->
`;

Deno.test("ss: a listener's queue, its length and its owner", () => {
  assert.deepEqual(listenersFor(parseSs(SS), { address: "127.0.0.1", port: 4002 }), [{
    state: "LISTEN",
    local: { address: "127.0.0.1", port: 4002 },
    peer: null,
    unreadBytes: null,
    queue: { waiting: 2, max: 5 },
    accepted: null,
    owner: { pid: 25433, command: "python3" },
  }]);
});

Deno.test("ss: a connection with inode 0 was never accepted, whatever its bytes", () => {
  const rows = parseSs(SS);
  const sideOf = (port: number): unknown[] => {
    const side = serverSideOf(rows, {
      local: { address: "127.0.0.1", port },
      peer: { address: "127.0.0.1", port: 4002 },
    });
    return [side?.state, side?.accepted, side?.unreadBytes, side?.owner?.pid];
  };
  assert.deepEqual(sideOf(52412), ["ESTABLISHED", false, 17, undefined]);
  assert.deepEqual(sideOf(52400), ["ESTABLISHED", true, 17, 25433]);
  assert.deepEqual(sideOf(52426), ["CLOSE_WAIT", false, 1, undefined]);
});

Deno.test("ss: a dual-stack listener serves both loopbacks, one for IPv6 alone does not", () => {
  const rows = parseSs(SS);
  assert.equal(listenersFor(rows, { address: "127.0.0.1", port: 7497 }).length, 1);
  assert.equal(listenersFor(rows, { address: "::1", port: 7497 }).length, 1);
  assert.equal(listenersFor(rows, { address: "127.0.0.1", port: 7496 }).length, 0);
  assert.equal(listenersFor(rows, { address: "::1", port: 7496 }).length, 1);
});

Deno.test("ss: an IPv4 client of a dual-stack listener is found under its IPv4 address", () => {
  const side = serverSideOf(parseSs(SS), {
    local: { address: "127.0.0.1", port: 41694 },
    peer: { address: "127.0.0.1", port: 7497 },
  });
  assert.equal(side?.state, "CLOSE_WAIT");
  assert.equal(side?.accepted, true);
});

Deno.test("ss: an owner hidden from us is unknown, and its socket counts all the same", () => {
  const row = parseSs(SS).find(({ local }) => local.address === "10.0.0.5");
  assert.equal(row?.owner, null);
  assert.equal(row?.accepted, true);
});

Deno.test("ss: of several owners the oldest holds the socket, not the child that inherited it", () => {
  const [row] = parseSs(
    'LISTEN 0 511 127.0.0.1:4002 0.0.0.0:* users:(("ps",pid=912,fd=19),("deno",pid=905,fd=19)) ino:7 sk:1 <->',
  );
  assert.deepEqual(row?.owner, { pid: 905, command: "deno" });
});

/** `netstat -anvW -p tcp` of macOS 14 and later: the program's name may hold blanks. */
const NETSTAT_NEW = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
tcp46      0      0  *.7497                 *.*                    LISTEN                 0            0  131072  131072 JavaApplicationS:812    00180 00000006 00000000000c38ca 00000000 00000800      1      0 000000
tcp4      17      0  127.0.0.1.7497         127.0.0.1.52345        ESTABLISHED           17            0  131072  131072 JavaApplicationS:812    00182 00000000 00000000000c38cb 00000000 00000800      1      0 000000
tcp4       0      0  127.0.0.1.52345        127.0.0.1.7497         ESTABLISHED            0           17  131072  131072             deno:4711   00102 00000000 00000000000c38cc 00000000 00000800      1      0 000000
tcp4       0      0  192.168.1.20.51000     208.245.107.3.4000     ESTABLISHED         5123         4711  131072  131072 Brave Browser He:855    00102 00000000 000000000005b699 00000000 04200900      1      0 000002
tcp4       0      0  127.0.0.1.52340        127.0.0.1.7497         TIME_WAIT              0            0  131072  131072                :0      00102 00000000 000000000005b699 00000000 04200900      1      0 000002
`;
/** The same on macOS 13: pids alone. */
const NETSTAT_OLD = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid  state    options
tcp46      0      0  *.7497                 *.*                    LISTEN      131072 131072  92386      0 0x0080 0x0000000e
tcp6       0      0  ::1.4002               *.*                    LISTEN      131072 131072    512      0 0x0100 0x00000006
`;
const QUEUES = `Current listen queue sizes (qlen/incqlen/maxqlen)
Listen         Local Address
1/0/50         *.7497
0/0/128        127.0.0.1.8021
`;
const LSOF = `p812
cJavaAppli
f43
n*:7497
TST=LISTEN
p4711
cdeno
f12
n127.0.0.1:52345->127.0.0.1:7497
TST=ESTABLISHED
`;

Deno.test("macOS: what netstat shows and lsof does not was never accepted", () => {
  const rows = mergeMac(NETSTAT_NEW, { queues: QUEUES, descriptors: LSOF });
  const [listener] = listenersFor(rows, { address: "127.0.0.1", port: 7497 });
  assert.deepEqual(listener?.queue, { waiting: 1, max: 50 });
  assert.deepEqual(listener?.owner, { pid: 812, command: "JavaAppli" });
  const ours = serverSideOf(rows, {
    local: { address: "127.0.0.1", port: 52345 },
    peer: { address: "127.0.0.1", port: 7497 },
  });
  assert.equal(ours?.accepted, false);
  assert.equal(ours?.unreadBytes, 17);
});

Deno.test("macOS: without lsof it is unknown whether a connection was accepted", () => {
  const rows = mergeMac(NETSTAT_NEW, { queues: "", descriptors: null });
  const server = rows.find(({ local, peer }) => local.port === 7497 && peer !== null);
  assert.equal(server?.accepted, null);
  assert.deepEqual(server?.owner, { pid: 812, command: "JavaApplicationS" });
});

Deno.test("macOS: a name with blanks does not shift the pid", () => {
  const rows = mergeMac(NETSTAT_NEW, { queues: "", descriptors: null });
  const browser = rows.find(({ peer }) => peer?.port === 4000);
  assert.deepEqual(browser?.owner, { pid: 855, command: "Brave Browser He" });
});

Deno.test("macOS 13: the pid is in the column the heading names", () => {
  const rows = mergeMac(NETSTAT_OLD, { queues: QUEUES, descriptors: null });
  assert.deepEqual(rows[0]?.owner, { pid: 92386, command: null });
  assert.deepEqual(rows[1]?.local, { address: "::1", port: 4002 });
});

const POWERSHELL = JSON.stringify({
  sockets: [
    { s: "Listen", la: "::", lp: 7497, ra: "::", rp: 0, p: 6020 },
    { s: "Established", la: "::1", lp: 7497, ra: "::1", rp: 52345, p: 6020 },
    { s: "CloseWait", la: "127.0.0.1", lp: 7497, ra: "127.0.0.1", rp: 52001, p: 6020 },
    { s: "TimeWait", la: "127.0.0.1", lp: 52000, ra: "127.0.0.1", rp: 7497, p: 0 },
    { s: "Bound", la: "0.0.0.0", lp: 50000, ra: "0.0.0.0", rp: 0, p: 99 },
  ],
  programs: [
    {
      p: 6020,
      pp: 1,
      n: "tws.exe",
      c: 'C:\\\\Jts\\\\tws.exe -J"-DjtsConfigDir=C:\\\\Jts"',
      a: 3_600_000,
    },
    { p: 4, pp: 0, n: "System", c: null, a: 9_000_000 },
  ],
});

Deno.test("Windows: owners and states are seen, queues and unread bytes are unknown", () => {
  const { sockets, processes } = parsePowershell(POWERSHELL);
  assert.equal(sockets.length, 4);
  const [listener] = listenersFor(sockets, { address: "127.0.0.1", port: 7497 });
  assert.deepEqual(listener?.owner, { pid: 6020, command: "tws.exe" });
  assert.equal(listener?.queue, null);
  assert.equal(sockets.find(({ state }) => state === "TIME_WAIT")?.owner, null);
  assert.equal(processes[1]?.commandLine, "System");
});

Deno.test("Windows: output that is no JSON is refused, not read as an empty table", () => {
  assert.throws(() => parsePowershell("Get-NetTCPConnection : Access denied"), SyntaxError);
});

Deno.test("ps: days, hours and the state's first letter", () => {
  const rows = parsePs(`
  4711     1 trader   Tl   2-03:04:05  0.3 java -cp ts.jar ibgateway.GWClient /home/trader/Jts
    12     1 root     Ss        01:02 12,5 /usr/sbin/sshd -D
`);
  assert.deepEqual(
    rows.map(({ pid, state, ageMs, cpuPercent }) => [pid, state, ageMs, cpuPercent]),
    [
      [4711, "T", 183_845_000, 0.3],
      [12, "S", 62_000, 12.5],
    ],
  );
});
