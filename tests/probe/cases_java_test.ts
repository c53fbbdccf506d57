import { JAVA_CASES } from "./cases_java.ts";
import { testCases } from "./run_case.ts";

testCases(JAVA_CASES);
