import { FoveaError } from "../core/index.ts";
import type { EncodedPicture, EncoderModel } from "../face/index.ts";
import { INTERRUPTED } from "./failure.ts";
import { formatCount, formatDuration } from "./format.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { encoderUse, requireModel } from "./model-names.ts";
import type { FinderOptions } from "./open-finder.ts";
import { note } from "./output.ts";
import { createProgress } from "./progress.ts";
import { noteWithoutEffect } from "./without-effect.ts";

/** Pictures of one person each, encoded, and by which net. */
export interface EncodedPeople {
  model: EncoderModel;
  mirror: boolean;
  jitter: number;
  encoded: Map<string, EncodedPicture>;
  /** Why pictures could not be read. */
  failures: FoveaError[];
}

/**
 * Encodes the main face of each picture, with progress on stderr.
 * @throws FoveaError `interrupted` by Ctrl-C
 */
export async function encodePeople(
  paths: readonly string[],
  options: FinderOptions & { jitter?: number },
): Promise<EncodedPeople> {
  const { MainFaceEncoder, encodePictures } = await import("../face/index.ts");
  const { throughput } = await import("./picture-files.ts");
  const { model: encoder, mirror, jitter, threads, device, quiet } = options;
  if (encoder !== undefined) await requireModel(encoder, encoderUse);
  const onConvert = (name: string) => note(`Converting ${name} to ONNX, once.`, options);
  const faces = await MainFaceEncoder.load({ encoder, mirror, jitter, threads, device, onConvert });
  const idle = jitter && faces.jitter === 0 ? ["--jitter"] : [];
  noteWithoutEffect(idle, `with ${encoder}, which takes pictures whole, as they are`, options);
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  const progress = createProgress({ label: "Encoding", total: paths.length, quiet });
  const started = performance.now();
  let finished = 0;
  try {
    const encoded = await encodePictures(faces, paths, {
      signal: interrupt.signal,
      onProgress(done, total, path) {
        finished = done;
        progress.update(done, `${done} of ${total}, ${path}`);
      },
    });
    progress.done();
    note(throughput(encoded.size, performance.now() - started), options);
    const failures = [...encoded.values()].flatMap(({ problem }) => (problem ? [problem] : []));
    return { model: faces.model, mirror: faces.mirror, jitter: faces.jitter, encoded, failures };
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    const share = `${finished} of ${formatCount(paths.length, "picture")} in ${formatDuration(performance.now() - started)}`;
    throw new FoveaError(INTERRUPTED, `Stopped after ${share}; run the command again for all of them.`);
  } finally {
    progress.done();
    interrupt.dispose();
    await faces.close();
  }
}
