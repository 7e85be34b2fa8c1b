import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const subPaths = Object.keys(manifest.exports).filter((path) => path !== "./package.json");

interface Packed {
  filename: string;
  size: number;
  files: { path: string; size: number }[];
}

let folder: string;
let packed: Packed;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-package-"));
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
  });
  [packed] = JSON.parse(stdout);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the package", () => {
  it("holds the compiled rooms, papers and examples, nothing of tests, tools or data", () => {
    const strangers = packed.files
      .map(({ path }) => path)
      .filter(
        (path) =>
          !/^(dist\/.*\.(js|d\.ts)|models\/fovea-\w+\.onnx|models\/LICENSE\.md|docs\/[\w-]+\.md|docs\/pictures\/[\w-]+\.\w+|examples\/[\w-]+\.ts|package\.json|README\.md|LICENSE|CHANGELOG\.md|CONTRIBUTING\.md)$/.test(
            path,
          ),
      );
    expect(strangers).toEqual([]);
    expect(packed.files.some(({ path }) => path === "dist/cli/main.js")).toBe(true);
  });

  it("is smaller than 3 MB besides its trained models, which are smaller than 6 MB together", () => {
    const models = packed.files.filter(({ path }) => path.startsWith("models/"));
    const weight = models.reduce((sum, { size }) => sum + size, 0); // they hardly shrink in the archive
    expect(weight).toBeLessThan(6e6);
    expect(packed.size - 0.9 * weight).toBeLessThan(3e6);
  });

  it("is what publint wants of a package", async () => {
    const { publint } = await import("publint");
    const { messages } = await publint({ pkgDir: root, strict: true, pack: "npm" });
    expect(messages).toEqual([]);
  });

  it("gives each sub-path its types to whatever can import ES modules", async () => {
    const attw = join(root, "node_modules/.bin/attw");
    const args = [join(folder, packed.filename), "--profile", "esm-only", "--format", "json"];
    const { stdout } = await run(attw, args, { maxBuffer: 16e6 }); // fails where its profile finds a problem
    const found: { resolutionKind?: string }[] = Object.values(
      JSON.parse(stdout).problems ?? {},
    ).flat() as never;
    const elsewhere = ["node10", "node16-cjs"]; // resolutions that the profile leaves out
    expect(found.filter(({ resolutionKind }) => !elsewhere.includes(resolutionKind ?? ""))).toEqual([]);
  });
});

describe("installed into an empty project", () => {
  let project: string;

  beforeAll(async () => {
    project = join(folder, "project");
    await run("mkdir", [project]);
    await writeFile(
      join(project, "package.json"),
      JSON.stringify({ name: "empty", private: true, type: "module" }),
    );
    await writeFile(join(project, ".npmrc"), "onnxruntime-node-install=skip\n");
    await run(
      "npm",
      ["install", "--no-audit", "--no-fund", "--prefer-offline", join(folder, packed.filename)],
      {
        cwd: project,
      },
    );
  }, 240_000);

  it("says its version", async () => {
    const { stdout } = await run("npx", ["fovea", "--version"], { cwd: project });
    expect(stdout.trim()).toBe(manifest.version);
  });

  it("can be imported by each sub-path", async () => {
    const specifiers = subPaths.map((path) => `fovea${path.slice(1)}`);
    const code = specifiers
      .map((path) => `console.log(${JSON.stringify(path)}, Object.keys(await import("${path}")).length > 0);`)
      .join("\n");
    await writeFile(join(project, "imports.js"), code);
    const { stdout } = await run("node", ["imports.js"], { cwd: project });
    expect(stdout.trim().split("\n")).toEqual(specifiers.map((path) => `${path} true`));
  });

  it("type-checks where it is used", async () => {
    const code = subPaths.map(
      (path, i) => `import * as room${i} from "fovea${path.slice(1)}";\nvoid room${i};`,
    );
    await writeFile(join(project, "use.ts"), code.join("\n"));
    const tsc = join(root, "node_modules/.bin/tsc");
    const options = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2023",
      "--lib",
      "es2023",
      "--skipLibCheck",
      "false",
    ];
    await run(
      tsc,
      [...options, "--types", "node", "--typeRoots", join(root, "node_modules/@types"), "use.ts"],
      {
        cwd: project,
      },
    ).catch((error) => {
      throw new Error(error.stdout);
    });
  });
});
