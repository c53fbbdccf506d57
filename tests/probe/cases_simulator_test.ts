import { SIMULATOR_CASES } from "./cases_simulator.ts";
import { testCases } from "./run_case.ts";

testCases(SIMULATOR_CASES);
