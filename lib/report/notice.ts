import type { Report } from "./figure.ts";
import { display } from "./format.ts";
import { VERDICT_MARKS } from "./markdown.ts";
import { ZoneTimes } from "./times.ts";

/** A POST that a chat service understands. */
export interface Notice {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The URL names no way to post that is known. */
export class NoticeError extends Error {
  override readonly name = "NoticeError";
}

/** Discord refuses longer texts, the others allow more. */
const TEXT_MAX = 2_000;
const JSON_HEADERS = { "content-type": "application/json" } as const;

/**
 * Verdict and key figures in the shape of the service that the URL belongs to: Slack, Discord, Telegram
 * (`https://api.telegram.org/bot…/sendMessage?chat_id=…`), and ntfy for any other.
 *
 * @throws {NoticeError} when the URL is none, or not https
 */
export function noticeOf(report: Report, url: string): Notice {
  const target = parse(url);
  const text = noticeText(report).slice(0, TEXT_MAX);
  switch (target.hostname) {
    case "hooks.slack.com":
      return { url, headers: JSON_HEADERS, body: JSON.stringify({ text }) };
    case "discord.com":
    case "discordapp.com":
      return {
        url,
        headers: JSON_HEADERS,
        // A ledger's text may hold @everyone; nobody is to be called by it.
        body: JSON.stringify({ content: text, allowed_mentions: { parse: [] } }),
      };
    case "api.telegram.org": {
      const chatId = target.searchParams.get("chat_id");
      if (chatId === null) {
        throw new NoticeError("Cannot notify by Telegram: the URL has no chat_id, add ?chat_id=…");
      }
      const bare = `${target.origin}${target.pathname}`;
      return { url: bare, headers: JSON_HEADERS, body: JSON.stringify({ chat_id: chatId, text }) };
    }
    default: {
      const headers = {
        title: ascii(report.title),
        priority: report.verdict.state === "reconciled" ? "default" : "high",
        "content-type": "text/plain; charset=utf-8",
      };
      return { url, headers, body: text };
    }
  }
}

/** What somebody needs to know who sees nothing but a telephone. */
export function noticeText({ title, verdict, headline, currency, zone }: Report): string {
  const times = new ZoneTimes(zone);
  const figures = headline.map(({ label, value, unit, id }) => {
    const shown = display(value, unit, { times, signed: id.endsWith(".net") });
    return `${label}: ${shown}${unit === "money" && value !== null ? ` ${currency}` : ""}`;
  });
  return [
    title,
    `${VERDICT_MARKS[verdict.state]} ${verdict.text}`,
    ...verdict.details,
    "",
    ...figures,
  ].join("\n");
}

/** Only on this machine may a notice go without encryption: its URL is a secret. */
const LOCAL: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

function parse(url: string): URL {
  const target = URL.parse(url);
  if (target === null) throw new NoticeError("Cannot notify: --notify is no URL");
  if (target.protocol !== "https:" && !LOCAL.has(target.hostname)) {
    throw new NoticeError(`Cannot notify ${target.hostname}: the URL has to begin with https:`);
  }
  return target;
}

/** Headers carry nothing else. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
