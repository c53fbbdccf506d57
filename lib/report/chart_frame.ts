import type { Content, Markup } from "./markup.ts";
import { markup } from "./markup.ts";

/** What every chart shares: its width, its name for those who cannot see it, and small helpers of SVG. */

/**
 * A chart is drawn twice, for the desk and for the phone, because shrinking a drawing shrinks its letters too. The
 * style sheet shows one of them.
 */
export interface Width {
  readonly name: "wide" | "narrow";
  readonly px: number;
}

export const WIDTHS: readonly Width[] = [{ name: "wide", px: 1040 }, { name: "narrow", px: 350 }];

export interface Frame {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** The SVG element with title and description; decorations inside need no names of their own. */
export function svg(
  { id, title, description }: Frame,
  { width, height, content }: {
    readonly width: Width;
    readonly height: number;
    readonly content: Content;
  },
): Markup {
  const key = `${id}-${width.name}`;
  return markup`<svg class="${width.name}" role="img" aria-labelledby="${key}-t ${key}-d" viewBox="0 0 ${width.px} ${height}" width="${width.px}" height="${height}"><title id="${key}-t">${title}</title><desc id="${key}-d">${description}</desc>${content}</svg>`;
}

/** A coordinate: a tenth of a pixel is finer than any screen. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text at a point. `at` is where the point is within the text. */
export function label(
  text: string,
  { x, y, at = "start", kind = "tick" }: {
    readonly x: number;
    readonly y: number;
    readonly at?: "start" | "middle" | "end";
    readonly kind?: string;
  },
): Markup {
  return markup`<text class="${kind}" x="${px(x)}" y="${px(y)}" text-anchor="${at}">${text}</text>`;
}

export function line(
  kind: string,
  { x1, y1, x2, y2 }: {
    readonly x1: number;
    readonly y1: number;
    readonly x2: number;
    readonly y2: number;
  },
): Markup {
  return markup`<line class="${kind}" x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${
    px(y2)
  }"/>`;
}
