import { join } from "node:path";
import { expect } from "vitest";
import { type ReadUnlabelledOptions, readUnlabelled } from "../../../src/data/classified/index.ts";
import { makeFolder } from "../folder-fixture.ts";

/** What is read of a file of that name and content: ids without the folder, and values. */
export async function read(
  name: string,
  content: string | Uint8Array,
  shape: number[],
  options?: ReadUnlabelledOptions,
) {
  const path = join(await makeFolder({ [name]: content }), name);
  const found = await readUnlabelled(path, shape, options);
  return found.map(({ id, values }) => ({ id: id.replace(path, name), values: [...values] }));
}

export async function expectRefused(
  name: string,
  content: string | Uint8Array,
  shape: number[],
  code: string,
  message: RegExp,
  options?: ReadUnlabelledOptions,
): Promise<void> {
  await expect(read(name, content, shape, options)).rejects.toMatchObject({
    name: "FoveaError",
    code,
    message: expect.stringMatching(message),
  });
}
