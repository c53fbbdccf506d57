import { strictEqual } from "node:assert/strict";

async function sessionsUnder(zone: string): Promise<string> {
  const script = new URL("./print_sessions.ts", import.meta.url);
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--no-prompt", script.href],
    env: { TZ: zone },
  }).output();
  strictEqual(new TextDecoder().decode(stderr), "");
  strictEqual(success, true);
  return new TextDecoder().decode(stdout);
}

Deno.test("sessions are the same on a host in New York, in UTC and in Tokyo", async () => {
  const [newYork, utc, tokyo] = await Promise.all(
    ["America/New_York", "UTC", "Asia/Tokyo"].map(sessionsUnder),
  );
  strictEqual(utc?.split("\n").filter((line) => line.startsWith("XNYS")).length, 250);
  strictEqual(newYork, utc);
  strictEqual(tokyo, utc);
});
