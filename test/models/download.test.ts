import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { isAddress, pullModel, urlOf } from "../../src/models/index.ts";

const content = Buffer.alloc(300_000, 7);
const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const sha256 = digestOf(content);
/** Each request's headers. */
let asked: IncomingHttpHeaders[] = [];
/** Whether an answer stops after 100,000 bytes, until it is cut. */
let stops = false;
/** What the server has. */
let served = content;
let etag: string | undefined;
/** Whether it heeds `If-Range`. */
let isCareful = true;
/** Whether it packs what it sends, whatever is asked for. */
let packs = false;
/** Called before an answer. */
let onRequest = async () => {};
let cut = () => {};
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    if (request.url !== "/net.onnx") {
      response.writeHead(404).end();
      return;
    }
    asked.push(request.headers);
    await onRequest();
    const { range, "if-range": ifRange } = request.headers;
    const isPart = range !== undefined && (!isCareful || ifRange === undefined || ifRange === etag);
    const from = isPart ? Number(/bytes=(\d+)-/.exec(range)![1]) : 0;
    const tag = etag === undefined ? {} : { etag };
    if (from >= served.length) {
      response.writeHead(416, { ...tag, "content-range": `bytes */${served.length}` }).end();
      return;
    }
    if (packs) {
      const body = gzipSync(served);
      response
        .writeHead(200, { ...tag, "content-encoding": "gzip", "content-length": body.length })
        .end(body);
      return;
    }
    const body = served.subarray(from);
    const place = isPart ? { "content-range": `bytes ${from}-${served.length - 1}/${served.length}` } : {};
    response.writeHead(isPart ? 206 : 200, { ...tag, ...place, "content-length": body.length });
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
  asked = [];
  stops = false;
  served = content;
  etag = '"one"';
  isCareful = true;
  packs = false;
  onRequest = async () => {};
});
afterEach(async () => {
  await rm(process.env.FOVEA_CACHE!, { recursive: true, force: true });
  if (kept === undefined) delete process.env.FOVEA_CACHE;
  else process.env.FOVEA_CACHE = kept;
});

/** Files of the cache that are no whole models. */
async function leftOvers(): Promise<string[]> {
  const names = await readdir(join(process.env.FOVEA_CACHE!, "downloads"));
  return names.filter((name) => /^[^.].*\.part/.test(name));
}

/** A download that is cut off; the number of bytes that it got. */
async function interrupted(): Promise<number> {
  stops = true;
  let fetched = 0;
  const onProgress = (bytes: number) => {
    fetched = bytes;
    cut();
  };
  await expect(pullModel(address, { onProgress })).rejects.toMatchObject({ code: "download-failed" });
  stops = false;
  return fetched;
}

describe("pullModel", () => {
  it("fetches a file once", async () => {
    const progress: number[] = [];
    const first = await pullModel(address, { sha256, onProgress: (bytes) => progress.push(bytes) });
    expect(first).toMatchObject({ sha256, wasCached: false });
    expect(content.equals(await readFile(first.path))).toBe(true);
    expect(progress.at(-1)).toBe(content.length);
    expect(await pullModel(address)).toEqual({ ...first, wasCached: true });
    expect(asked).toHaveLength(1);
    expect(asked[0]["accept-encoding"]).toBe("identity");
    expect(await leftOvers()).toEqual([]);
  });

  it("goes on where a download was cut off", async () => {
    const fetched = await interrupted();
    const { path } = await pullModel(address, { sha256 });
    expect(asked[1]).toMatchObject({ range: `bytes=${fetched}-`, "if-range": '"one"' });
    expect(content.equals(await readFile(path))).toBe(true);
    expect(await leftOvers()).toEqual([]);
  });

  it("goes on with the part of a process that is gone, and leaves that of a living one alone", async () => {
    await interrupted();
    const [part] = await leftOvers();
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const owned = part.replace(`-${process.pid}-`, `-${child.pid}-`);
    const folder = join(process.env.FOVEA_CACHE!, "downloads");
    for (const dot of ["", "."]) await rename(join(folder, dot + part), join(folder, dot + owned));
    const first = await pullModel(address);
    expect(asked[1].range).toBeUndefined();
    expect(await leftOvers()).toEqual([owned]);
    child.kill();
    await once(child, "exit");
    await rm(first.path);
    await pullModel(address, { sha256 });
    expect(asked[2].range).toMatch(/^bytes=\d+-$/);
    expect(await leftOvers()).toEqual([]);
  });

  it.each([
    ["another version of the same length", true, '"two"', content.length],
    ["another version, of a server that heeds no If-Range", false, '"two"', content.length],
    ["another length under the same ETag", true, '"one"', content.length + 5],
    ["a version that is shorter than the part", true, '"one"', 10],
  ])("begins anew with %s", async (_, careful, tag, length) => {
    await interrupted();
    [served, etag, isCareful] = [Buffer.alloc(length, 9), tag, careful];
    const { path, sha256 } = await pullModel(address);
    expect(sha256).toBe(digestOf(served));
    expect(served.equals(await readFile(path))).toBe(true);
  });

  it("begins anew where the server does not say which version it has", async () => {
    etag = undefined;
    await interrupted();
    await pullModel(address, { sha256 });
    expect(asked[1].range).toBeUndefined();
  });

  it("needs nothing more of a part that is whole", async () => {
    await interrupted();
    const [part] = await leftOvers();
    await writeFile(join(process.env.FOVEA_CACHE!, "downloads", part), content);
    expect(await pullModel(address, { sha256 })).toMatchObject({ wasCached: false });
    expect(asked).toHaveLength(2);
  });

  it("fetches whole files in several places at once", async () => {
    let waiting = 0;
    let go = () => {};
    const all = new Promise<void>((resolve) => {
      go = resolve;
    });
    onRequest = async () => {
      if (++waiting === 4) go();
      await all;
    };
    const pulled = await Promise.all([1, 2, 3, 4].map(() => pullModel(address, { sha256 })));
    expect(new Set(pulled.map(({ path }) => path)).size).toBe(1);
    expect(content.equals(await readFile(pulled[0].path))).toBe(true);
    expect(await leftOvers()).toEqual([]);
  });

  it("takes what somebody else has fetched meanwhile", async () => {
    const first = await pullModel(address);
    await rm(`${first.path}.sha256`);
    onRequest = () => writeFile(`${first.path}.sha256`, sha256);
    expect(await pullModel(address)).toEqual({ ...first, wasCached: true });
  });

  it("unpacks what a server packs", async () => {
    packs = true;
    const { path } = await pullModel(address, { sha256 });
    expect(content.equals(await readFile(path))).toBe(true);
  });

  it("says that the disk is full, not that the network is broken, and that a folder is none", async () => {
    const probe = await open(process.execPath);
    const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
    const spy = vi.spyOn(Object.getPrototypeOf(probe), "appendFile").mockRejectedValue(full);
    const attempt = pullModel(address).finally(() => spy.mockRestore());
    await expect(attempt).rejects.toMatchObject({
      code: "output-unwritable",
      message: expect.stringMatching(
        /the disk is full; free some space or choose another folder\. FOVEA_CACHE names the folder/,
      ),
    });
    await probe.close();
    await rm(join(process.env.FOVEA_CACHE!, "downloads"), { recursive: true });
    await writeFile(join(process.env.FOVEA_CACHE!, "downloads"), "");
    await expect(pullModel(address)).rejects.toMatchObject({
      code: "output-unwritable",
      message: expect.stringMatching(
        /a file stands where a folder is needed; .*FOVEA_CACHE names the folder/,
      ),
    });
  });

  it.runIf(process.platform === "linux")("does not wait for a folder that cannot be made", async () => {
    const folder = process.env.FOVEA_CACHE!;
    process.env.FOVEA_CACHE = "/proc/fovea";
    const attempt = pullModel(address).finally(() => {
      process.env.FOVEA_CACHE = folder;
    });
    await expect(attempt).rejects.toMatchObject({ code: "output-unwritable" });
  });

  it("refuses a file with another digest, and does not keep it", async () => {
    const wrong = "0".repeat(64);
    await expect(pullModel(address, { sha256: wrong })).rejects.toMatchObject({ code: "digest-differs" });
    const pulled = await pullModel(address);
    expect(pulled.wasCached).toBe(false);
    await expect(pullModel(address, { sha256: wrong })).rejects.toMatchObject({ code: "digest-differs" });
  });

  it("fetches a file anew where another one is wanted than was kept", async () => {
    const old = await pullModel(address);
    served = Buffer.alloc(1000, 3);
    const wanted = digestOf(served);
    expect(await pullModel(address, { sha256: wanted })).toEqual({
      path: old.path,
      sha256: wanted,
      wasCached: false,
    });
    expect(served.equals(await readFile(old.path))).toBe(true);
    expect(await pullModel(address, { sha256: wanted })).toMatchObject({ wasCached: true });
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
