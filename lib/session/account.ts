import { ConfigError } from "../config.ts";

/** What the broker turned out to be does not fit the configuration; trying again would not help. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

/**
 * Real money takes two statements of the same account: one in the configuration, one typed for this very run.
 *
 * @throws {ConfigError} when one is missing, they differ, or it is a paper account
 */
export function confirmLiveAccount(typed: string | undefined, configured: string | null): string {
  if (typed === undefined) {
    throw new ConfigError("Cannot trade live: type the account, --account U…");
  }
  if (!typed.startsWith("U")) {
    throw new ConfigError(
      `Cannot trade live on account "${typed}": live accounts begin with U; paper is deno task session`,
    );
  }
  if (configured === null) {
    throw new ConfigError(
      `Cannot trade live on account "${typed}": set gateway.account to it in the configuration too`,
    );
  }
  if (configured !== typed) {
    throw new ConfigError(
      `Cannot trade live on account "${typed}": gateway.account is "${configured}"`,
    );
  }
  return configured;
}

/** Paper accounts begin with D (`DU…`, `DF…`), whatever the port; the port is only a habit. */
export function chooseAccount(
  { account, mode }: { readonly account: string | null; readonly mode: "paper" | "live" },
  accounts: readonly string[],
): string {
  const [only, ...others] = accounts;
  const chosen = account ?? (others.length === 0 ? only : undefined);
  if (chosen === undefined) {
    throw new SetupError(
      `Cannot choose among ${accounts.length} accounts: set gateway.account or --account`,
    );
  }
  if (!accounts.includes(chosen)) {
    throw new SetupError(`Cannot trade account "${chosen}": this login has no such account`);
  }
  const found = chosen.startsWith("D") ? "paper" : "live";
  if (found !== mode) {
    throw new SetupError(
      `Cannot trade account "${chosen}" in ${mode} mode: it is a ${found} account`,
    );
  }
  return chosen;
}
