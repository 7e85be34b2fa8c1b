import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAddress, pullModel, urlOf } from "../../src/models/index.ts";

const content = Buffer.alloc(300_000, 7);
const sha256 = createHash("sha256").update(content).digest("hex");
/** Each request's Range header. */
let ranges: (string | undefined)[] = [];
/** Whether an answer stops after 100,000 bytes, until it is cut. */
let stops = false;
let cut = () => {};
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url !== "/net.onnx") {
      response.writeHead(404).end();
      return;
    }
    const { range } = request.headers;
    ranges.push(range);
    const from = Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
    const body = content.subarray(from);
    response.writeHead(range ? 206 : 200, { "content-length": body.length });
    cut = () => response.destroy();
    if (stops) response.write(body.subarray(0, 100_000));
    else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/net.onnx`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const kept = process.env.FOVEA_CACHE;
beforeEach(async () => {
  process.env.FOVEA_CACHE = await mkdtemp(join(tmpdir(), "fovea-pull-"));
  ranges = [];
  stops = false;
});
afterEach(async () => {
  await rm(process.env.FOVEA_CACHE!, { recursive: true, force: true });
  if (kept === undefined) delete process.env.FOVEA_CACHE;
  else process.env.FOVEA_CACHE = kept;
});

describe("pullModel", () => {
  it("fetches a file once", async () => {
    const progress: number[] = [];
    const first = await pullModel(address, { sha256, onProgress: (bytes) => progress.push(bytes) });
    expect(first).toMatchObject({ sha256, wasCached: false });
    expect(content.equals(await readFile(first.path))).toBe(true);
    expect(progress.at(-1)).toBe(content.length);
    expect(await pullModel(address)).toEqual({ ...first, wasCached: true });
    expect(ranges).toHaveLength(1);
  });

  it("goes on where a download was cut off", async () => {
    stops = true;
    let fetched = 0;
    const onProgress = (bytes: number) => {
      fetched = bytes;
      cut();
    };
    await expect(pullModel(address, { onProgress })).rejects.toMatchObject({ code: "download-failed" });
    stops = false;
    const { path } = await pullModel(address, { sha256 });
    expect(ranges[1]).toBe(`bytes=${fetched}-`);
    expect(content.equals(await readFile(path))).toBe(true);
  });

  it("refuses a file with another digest, and does not keep it", async () => {
    const wrong = "0".repeat(64);
    await expect(pullModel(address, { sha256: wrong })).rejects.toMatchObject({ code: "digest-differs" });
    const pulled = await pullModel(address);
    expect(pulled.wasCached).toBe(false);
    await expect(pullModel(address, { sha256: wrong })).rejects.toMatchObject({ code: "digest-differs" });
  });

  it("fetches a file again that was altered in the cache", async () => {
    const { path } = await pullModel(address);
    await writeFile(path, "cut");
    expect(await pullModel(address)).toMatchObject({ sha256, wasCached: false });
  });

  it("says what the server answers, and that there is no network", async () => {
    await expect(pullModel(address.replace("net", "none"))).rejects.toThrow(/404/);
    const nobody = "http://127.0.0.1:9/net.onnx";
    await expect(pullModel(nobody)).rejects.toThrow(/check the network .* give its path/);
  });
});

describe("an address", () => {
  it("is a URL, or a file of the hub", () => {
    expect(urlOf("hf:owner/repo/onnx/model.onnx").href).toBe(
      "https://huggingface.co/owner/repo/resolve/main/onnx/model.onnx",
    );
    expect(urlOf("hf:owner/repo@v1/model.onnx").href).toContain("/resolve/v1/model.onnx");
    expect([isAddress("hf:a/b/c"), isAddress("https://x.org/y"), isAddress("runs/best.onnx")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each(["hf:owner", "hf:owner/repo", "https://"])("is not %s", (text) => {
    expect(() => urlOf(text)).toThrow(expect.objectContaining({ code: "address-invalid" }));
  });
});
