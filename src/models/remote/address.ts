import { FoveaError } from "../../core/index.ts";

/** Whether a model's source is an address: `https://…`, or `hf:owner/repo/file` on the Hugging Face hub. */
export function isAddress(source: string): boolean {
  return /^(https?:\/\/|hf:)/.test(source);
}

/**
 * The URL of an address; `hf:owner/repo@revision/path/file.onnx`, the revision being "main" where none is told.
 * @throws FoveaError `address-invalid`
 */
export function urlOf(address: string): URL {
  if (!address.startsWith("hf:")) {
    if (URL.canParse(address)) return new URL(address);
    throw new FoveaError("address-invalid", `"${address}" is no URL.`);
  }
  const [, owner, repo, revision = "main", file] =
    /^hf:([\w.-]+)\/([\w.-]+)(?:@([\w.-]+))?\/(.+)$/.exec(address) ?? [];
  if (file) return new URL(`https://huggingface.co/${owner}/${repo}/resolve/${revision}/${file}`);
  throw new FoveaError(
    "address-invalid",
    `"${address}" names no file of the Hugging Face hub: write hf:owner/repo/file.onnx.`,
  );
}
