/** What is known about a cause, whatever the run at hand. The pages of `--explain` and of the docs. */
export interface Cause {
  /** A verdict in a few words: `Not ready: <title>`. */
  readonly title: string;
  readonly meaning: string;
  /** How it shows. */
  readonly shows: string;
  readonly remedy: readonly string[];
  readonly wouldSeparate: string;
  /** Rows of the table of causes. */
  readonly reference: string;
}
