/**
 * Prints the table of operators, and with `--write` puts it into docs/ENGINE.md: `npm run operators`.
 * A test holds the page to what is printed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { operatorsTable, withTable } from "./operators-page.ts";

const page = new URL("../docs/ENGINE.md", import.meta.url);
process.stdout.write(`${operatorsTable()}\n`);
if (process.argv.includes("--write")) writeFileSync(page, withTable(readFileSync(page, "utf8")));
