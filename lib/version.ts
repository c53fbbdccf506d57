/** Written into every session's first entry, so that a report can say which code traded. */
export const VERSION = "0.1.0";
