import * as graph from "../src/graph/index.ts";
import { type Operator, orderedNodes } from "../src/graph/index.ts";
import { operatorCases } from "../test/graph/cases.ts";
import { instantiate } from "../test/graph/operator-case.ts";

const [BEGIN, END] = ["<!-- operators: begin -->", "<!-- operators: end -->"];

interface Row {
  cases: number;
  differentiated: number;
  ranks: Set<number>;
}

/** Every operator with the cases that prove it, as Markdown. */
export function operatorsTable(): string {
  const rows = new Map<string, Row>();
  for (const operatorCase of operatorCases) {
    const { outputs, differentiated, graph: built } = instantiate(operatorCase);
    const fed = new Set(built.inputs);
    for (const { operator, inputs } of orderedNodes(outputs)) {
      const row = rows.get(operator.opType) ?? { cases: 0, differentiated: 0, ranks: new Set() };
      rows.set(operator.opType, row);
      row.cases++;
      if (differentiated.length > 0) row.differentiated++;
      const [first] = inputs;
      if (first && fed.has(first)) row.ranks.add(first.rank);
    }
  }
  const operators = Object.values(graph as Record<string, unknown>)
    .filter((entry): entry is Operator => typeof entry === "object" && entry !== null && "opType" in entry)
    .filter(({ decompose }) => !decompose) // not ONNX's; proved by the gradients of Conv
    .sort((a, b) => (a.opType < b.opType ? -1 : 1));
  const lines = operators.map((operator) => {
    const row = rows.get(operator.opType);
    const ranks = [...(row?.ranks ?? [])].sort((a, b) => a - b).join(", ");
    return `| ${operator.opType} | ${gradientOf(operator)} | ${row?.cases ?? 0} | ${row?.differentiated ?? 0} | ${ranks} |`;
  });
  return [
    "| operator | gradient | cases | of them with gradients | ranks of x |",
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

function gradientOf(operator: Operator): string {
  if (operator.flat) return "zero";
  return operator.gradient ? "yes" : "none";
}

/** A page with the table between its marks. */
export function withTable(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/ENGINE.md has lost its marks ${BEGIN} and ${END}.`);
  return `${before}${BEGIN}\n${operatorsTable()}\n${END}${after}`;
}
