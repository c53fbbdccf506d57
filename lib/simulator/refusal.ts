/** Why TWS sends a request back, in its words. Texts as recorded where a recording exists. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** The two letters are an obfuscated class name in TWS, different in every build. */
export function invalid(cause: string, className = "bH"): Refusal {
  return { code: 321, text: `Error validating request.-'${className}' : cause - ${cause}` };
}

/** What is said of a time that cannot be read, wherever it stands; `what` names the field. */
export function invalidTime(code: number, what: string): Refusal {
  return {
    code,
    text: `${what}: The date, time, or time-zone entered is invalid.\n` +
      "The correct format is yyyymmdd hh:mm:ss xx/xxxx\nwhere yyyymmdd and xx/xxxx are optional.\n" +
      "E.g.: 20031126 15:59:00 US/Eastern\n\nNote that there is a space between the date and time,\n" +
      "and between the time and time-zone.\n\nIf no date is specified, current date is assumed.\n" +
      "If no time-zone is specified, local time-zone is assumed(deprecated).\n\n" +
      "You can also provide yyyymmddd-hh:mm:ss time is in UTC.\n" +
      "Note that there is a dash between the date and time in UTC notation.",
  };
}
