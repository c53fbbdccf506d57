import { RELAY_CASES } from "./cases_relay.ts";
import { testCases } from "./run_case.ts";

testCases(RELAY_CASES);
