import { cases } from "./cases.ts";

// Prints the cases as JSON, for tools/golden/rcnn.py.
process.stdout.write(JSON.stringify(cases));
