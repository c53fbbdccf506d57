/**
 * The nouns of a report. It is built once from entries, as plain data with exact values; HTML, Markdown, JSON and
 * CSV are four ways to write the same thing down.
 */

/**
 * What a value is. Exact decimal text for numbers (`-1234.565`), epoch ms for `time`, ISO text for `date`.
 * `money` is in the report's currency; `percent` is already times 100.
 */
export type Unit =
  | "money"
  | "price"
  | "shares"
  | "bps"
  | "percent"
  | "ratio"
  | "number"
  | "count"
  | "ms"
  | "days"
  | "time"
  | "date"
  | "text";

/** Where a figure comes from, so that anybody can go and look. */
export interface Inputs {
  readonly execIds?: readonly string[];
  readonly intentIds?: readonly string[];
  /** Entries of the ledger by their sequence number: snapshots, samples, incidents. */
  readonly seqs?: readonly number[];
  /** Other figures by id. */
  readonly figures?: readonly string[];
}

/** Provisional figures change when what is missing arrives; `reason` says what. */
export type Status = "final" | "provisional" | "undefined";

export interface Figure {
  /** Stable and unique in the report, e.g. `bridge.realized` or `symbols.AAPL.net`. */
  readonly id: string;
  readonly label: string;
  /** Null when undefined; then `reason` says why. */
  readonly value: string | null;
  readonly unit: Unit;
  readonly formula: string;
  /** How many observations went in. */
  readonly n: number;
  readonly inputs: Inputs;
  readonly status: Status;
  readonly reason: string | null;
}

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly unit: Unit;
  /** How a cell comes about; null for a fact copied from the ledger. */
  readonly formula: string | null;
  /** Gains and losses: shown with a sign and a colour. */
  readonly signed?: boolean;
}

export interface Row {
  /** Unique in its table. */
  readonly id: string;
  /** As many as the table has columns. Null is undefined, empty text means that nothing belongs there. */
  readonly cells: readonly (string | null)[];
  readonly n?: number;
  readonly inputs?: Inputs;
  readonly status?: Status;
  /** Why a cell is null, or what a provisional row waits for. */
  readonly reason?: string;
  /** Totals and subtotals stand out. */
  readonly emphasis?: "total" | "subtotal";
}

/**
 * Facts and figures in rows. Where a column of a short table has a formula its cells are figures with the id
 * `<table>.<row>.<column>`. The cells of a long table are traced by the same ids but not listed among the figures.
 */
export interface Table {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  /** Long tables make theirs when asked, every time anew: what a busy day's would hold is more than the day itself. */
  readonly rows: readonly Row[];
  /** What stands there when there is no row. */
  readonly empty: string;
  /** Gains and losses get a ground of their colour. */
  readonly heat?: boolean;
  /** A long table is folded in HTML and left to CSV and JSON in Markdown. */
  readonly long?: boolean;
  /** What it says stands elsewhere on the page already. */
  readonly offPage?: boolean;
  /** The first of them say what is to be said; more than these are left to CSV. */
  readonly pageRows?: number;
  /** Id of a column of numbers: where not all rows fit a page, those furthest from zero in it are shown. */
  readonly telling?: string;
  /** Rows one after another in time, of which a page may show every n-th. */
  readonly thin?: boolean;
}

/** An instant worth seeing on the session's time axis. */
export interface Mark {
  readonly time: number;
  /** Null for an instant. */
  readonly until: number | null;
  readonly lane: "fills" | "refusals" | "connection" | "data" | "incidents" | "halt" | "pause";
  readonly tone: "neutral" | "buy" | "sell" | "good" | "warning" | "bad";
  readonly text: string;
}

export interface Point {
  readonly time: number;
  readonly value: number;
}

/** What is drawn. Numbers here are for pixels only; the exact values stand in the table beside the chart. */
export type Chart =
  | {
    readonly kind: "session";
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly opensAt: number;
    readonly closesAt: number;
    readonly equity: readonly Point[];
    readonly start: number | null;
    readonly exposure: readonly Point[];
    /** Orders at the broker, each time their number changed. */
    readonly working: readonly Point[];
    readonly marks: readonly Mark[];
  }
  | {
    readonly kind: "waterfall";
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly steps: readonly {
      readonly label: string;
      readonly value: number;
      readonly total: boolean;
    }[];
  }
  | {
    readonly kind: "bars";
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly bars: readonly { readonly label: string; readonly value: number }[];
  }
  | {
    readonly kind: "history";
    readonly id: string;
    readonly title: string;
    readonly description: string;
    /** Growth since the first day and distance from the height, both in percent. */
    readonly days: readonly {
      readonly date: string;
      readonly growth: number;
      readonly depth: number;
    }[];
  };

/** One thing that happened in the life of an order. */
export interface StoryEvent {
  /** When we wrote it down, epoch ms. */
  readonly at: number;
  /** When the exchange says it happened; null when it says nothing. */
  readonly exchangeTime: number | null;
  /** Which of a decision's orders: `stop`, `slice 3`; empty where there is only one. */
  readonly order: string;
  readonly what: string;
  readonly detail: string;
  /** `182.94 / 182.95`; null when no quote was recorded. */
  readonly quote: string | null;
  readonly tone: Mark["tone"];
  readonly seq: number;
}

/** A decision and what became of it: refused, or the orders it led to. */
export interface Story {
  /** Where not all fit, the lowest are told: 0 tells most. */
  readonly rank: number;
  /** signalId, or intentId where there was no signal. */
  readonly id: string;
  readonly at: number;
  readonly symbol: string;
  readonly title: string;
  readonly outcome: string;
  readonly tone: Mark["tone"];
  /** Rule, sentence, inputs, sizing: as label and text. */
  readonly why: readonly { readonly label: string; readonly text: string }[];
  readonly events: readonly StoryEvent[];
  readonly execIds: readonly string[];
}

export type Block =
  | { readonly type: "figures"; readonly figures: readonly Figure[] }
  | { readonly type: "table"; readonly table: Table }
  | { readonly type: "chart"; readonly chart: Chart }
  | {
    readonly type: "stories";
    readonly id: string;
    readonly stories: readonly Story[];
    /** Decisions of the day that are not told here. */
    readonly untold: number;
  }
  | { readonly type: "note"; readonly text: string };

export interface Section {
  readonly id: string;
  readonly title: string;
  /** The answer in a sentence. */
  readonly lead: string;
  readonly blocks: readonly Block[];
}

/** Are the books right? `unknown` is an answer too: nobody has compared them yet. */
export interface Verdict {
  readonly state: "reconciled" | "broken" | "unknown";
  readonly text: string;
  readonly details: readonly string[];
}

export interface Report {
  /** Of the JSON; a reader refuses one it does not know. */
  readonly schema: 1;
  readonly title: string;
  /** Date at the exchange; of a period its last. */
  readonly date: string;
  /** First date of a period; null of a single day. */
  readonly from: string | null;
  readonly exchange: string;
  /** IANA zone that every time is shown in. */
  readonly zone: string;
  /** The zone's name on that day, for people. */
  readonly timesIn: string;
  readonly currency: string;
  readonly mode: "paper" | "live";
  /** Masked. */
  readonly account: string;
  readonly strategy: string;
  readonly sessionIds: readonly string[];
  readonly verdict: Verdict;
  readonly headline: readonly Figure[];
  readonly sections: readonly Section[];
}

/** Every figure of the report by id, those inside tables included, in reading order. */
export function figuresOf(report: Report): ReadonlyMap<string, Figure> {
  const figures = new Map<string, Figure>();
  for (const figure of report.headline) figures.set(figure.id, figure);
  for (const { blocks } of report.sections) {
    for (const block of blocks) {
      const found = block.type === "figures"
        ? block.figures
        : block.type === "table"
        ? tableFigures(block.table)
        : [];
      for (const figure of found) figures.set(figure.id, figure);
    }
  }
  return figures;
}

export function tablesOf(report: Report): readonly Table[] {
  return report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.type === "table" ? [block.table] : [])
  );
}

/** The cells of a table that are figures. */
export function tableFigures(table: Table): readonly Figure[] {
  return table.long === true ? [] : cellFigures(table);
}

/** Every computed cell of a table as a figure. */
export function cellFigures(table: Table): readonly Figure[] {
  return table.rows.flatMap((row) =>
    table.columns.flatMap((column, index) => {
      const { formula } = column;
      if (formula === null) return [];
      const value = row.cells[index] ?? null;
      if (value === "") return [];
      const status = value === null ? "undefined" : row.status ?? "final";
      return [{
        id: `${table.id}.${row.id}.${column.id}`,
        label: `${rowLabel(row)}: ${column.label}`,
        value,
        unit: column.unit,
        formula,
        n: row.n ?? 0,
        inputs: row.inputs ?? {},
        status,
        reason: status === "final" ? null : row.reason ?? null,
      }];
    })
  );
}

function rowLabel(row: Row): string {
  return row.cells[0] ?? row.id;
}
