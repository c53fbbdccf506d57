import { FOREIGN_CASES } from "./cases_foreign.ts";
import { testCases } from "./run_case.ts";

testCases(FOREIGN_CASES);
