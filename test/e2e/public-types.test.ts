import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.values(exports as Record<string, string | { types: string }>)
  .filter((target) => typeof target === "object")
  .map(({ types }) => join(root, types));

/** A declaration file: what it declares, and what it takes from others of the package, by the names used in it. */
interface Module {
  declared: Map<string, string>;
  imported: Map<string, { file: string; name: string }>;
  /** Names under which it gives on what it declares or imports, or takes from another file on the way. */
  exported: Map<string, { file: string; name: string }>;
  /** Files of which it gives on everything. */
  all: string[];
}

const modules = new Map<string, Module>();

function read(file: string): Module {
  const known = modules.get(file);
  if (known) return known;
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const module: Module = { declared: new Map(), imported: new Map(), exported: new Map(), all: [] };
  modules.set(file, module);
  const fileOf = (path: string) => join(dirname(file), path).replace(/(\.d)?\.[jt]s$/, ".d.ts");
  // Statements of a declaration file begin at the left margin.
  for (const statement of text.split(/^(?=\S)/m)) {
    const list = /^(import|export)\b[^{'"]*\{([^}]*)\}(?: from "(\.[^"]*)")?;/.exec(statement);
    const everything = /^export \* from "(\.[^"]*)"/.exec(statement);
    const declaration =
      /^(export )?(?:declare )?(?:abstract )?(?:interface|type|class|function|const|let) (\w+)/.exec(
        statement,
      );
    if (everything) module.all.push(fileOf(everything[1]));
    else if (list && !/^export declare/.test(statement)) {
      for (const item of list[2].split(",").map((each) => each.trim().replace(/^type /, ""))) {
        if (item === "") continue;
        const [name, alias = name] = item.split(" as ");
        const from = { file: list[3] ? fileOf(list[3]) : file, name };
        if (list[1] === "export") module.exported.set(alias, from);
        else if (list[3]) module.imported.set(alias, from);
      }
    } else if (declaration) {
      const [, isExported, name] = declaration;
      module.declared.set(name, `${module.declared.get(name) ?? ""}${statement}`);
      if (isExported) module.exported.set(name, { file, name });
    }
  }
  return module;
}

/** Where a name of a file is declared, as `file#name`; undefined where the package does not declare it. */
function declarationOf(file: string, name: string): string | undefined {
  const { declared, imported, exported, all } = read(file);
  if (declared.has(name)) return `${file}#${name}`;
  const from = imported.get(name) ?? exported.get(name);
  if (from && (from.file !== file || from.name !== name)) return declarationOf(from.file, from.name);
  for (const other of all) {
    if (namesOf(other).includes(name)) return declarationOf(other, name);
  }
  return undefined;
}

function namesOf(file: string): string[] {
  const { exported, all } = read(file);
  return [...exported.keys(), ...all.flatMap(namesOf)];
}

function isType(place: string): boolean {
  const [file, name] = place.split("#");
  return /^(export )?(declare )?(abstract )?(interface|type|class) /.test(read(file).declared.get(name)!);
}

const withoutRoot = (place: string) => relative(root, place);

describe("the package's types", () => {
  const open = new Set<string>();
  for (const entry of entries) {
    for (const name of namesOf(entry)) {
      const place = declarationOf(entry, name);
      if (place) open.add(place);
    }
  }

  it("are found", () => {
    expect(entries.length).toBeGreaterThan(10);
    expect([...open].map(withoutRoot)).toEqual(
      expect.arrayContaining(["dist/graph/graph.d.ts#Graph", "dist/detect/detector.d.ts#Detector"]),
    );
  });

  it("can be imported by name wherever a public signature names one", () => {
    const hidden = new Set<string>();
    for (const place of open) {
      const [file, name] = place.split("#");
      const { declared, imported } = read(file);
      const text = declared.get(name)!.replace(/"[^"]*"|^ {4}(private|#).*$/gm, "");
      for (const other of [...declared.keys(), ...imported.keys()]) {
        const isNamed = new RegExp(`(?<![\\w.])${other}(?![\\w(]|\\??:)`).test(text);
        const needed = isNamed && other !== name ? declarationOf(file, other) : undefined;
        if (needed && isType(needed) && !open.has(needed))
          hidden.add(`${withoutRoot(place)} names ${withoutRoot(needed)}`);
      }
    }
    expect([...hidden]).toEqual([]);
  });
});
