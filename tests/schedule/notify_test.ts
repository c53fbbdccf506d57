import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { webhook } from "../../lib/schedule/notify.ts";

const NOTICE = { title: "robo-trader: session failed", text: "exit code 3, not ready" };
const running = new AbortController().signal;

function answering(answer: () => Promise<Response>): ReturnType<typeof webhook> {
  return webhook({ url: "https://ntfy.example/secret", signal: running, fetcher: answer });
}

Deno.test("webhook() posts the text as body and the title as header", async () => {
  const seen: unknown[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { method, url, headers } = request;
      seen.push(method, new URL(url).pathname, headers.get("title"), await request.text());
      return new Response("{}");
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}/robo-trader`;
  await webhook({ url, signal: running })(NOTICE);
  await server.shutdown();
  deepStrictEqual(seen, ["POST", "/robo-trader", NOTICE.title, NOTICE.text]);
});

Deno.test("webhook() fails when the server refuses, and does not tell its address", async () => {
  const refused = answering(() => Promise.resolve(new Response("no", { status: 403 })))(NOTICE);
  await rejects(refused, {
    name: "NotifyError",
    message: "Cannot notify: the server answered 403",
  });
});

Deno.test("webhook() fails when there is no connection or no answer", async () => {
  const unreachable = answering(() => Promise.reject(new TypeError("dns error for secret")));
  await rejects(unreachable(NOTICE), {
    name: "NotifyError",
    message: "Cannot notify: no connection",
  });
  const silent = answering(() => Promise.reject(new DOMException("", "TimeoutError")));
  await rejects(silent(NOTICE), { message: "Cannot notify: no answer within 10000 ms" });
});

Deno.test("webhook() is given up when the schedule is told to end", async () => {
  const stopping = new AbortController();
  const end = new Error("The schedule was told to end");
  const notify = webhook({
    url: "https://ntfy.example/secret",
    signal: stopping.signal,
    fetcher: (_, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      }),
  });
  const told = notify(NOTICE);
  stopping.abort(end);
  await rejects(told, (error) => {
    strictEqual(error, end);
    return true;
  });
});
