import type { EncoderSetup, Gallery, GalleryForEnrollment } from "../face/index.ts";
import { type GalleryOptions, notePlain, openGallery, requireMakeable } from "./open-gallery.ts";
import type { GlobalOptions } from "./options.ts";

/**
 * The gallery that the options name, to enrol people in. Where there is none, the first face that is enrolled makes it:
 * pictures none of which can be used leave nothing behind.
 */
export class EnrollmentGallery implements GalleryForEnrollment {
  #gallery: Gallery | undefined;
  readonly #make: () => Promise<Gallery>;

  private constructor(gallery: Gallery | undefined, make: () => Promise<Gallery>) {
    this.#gallery = gallery;
    this.#make = make;
  }

  /** @throws FoveaError what {@link openGallery} throws, save that there is none */
  static async open(
    options: GalleryOptions & GlobalOptions,
    encoder: EncoderSetup,
  ): Promise<EnrollmentGallery> {
    const gallery = await openGallery(options, { encoder }).catch(async (error) => {
      if (error?.code !== "gallery-missing") throw error;
      await requireMakeable(options); // rather than after the first pictures
      return undefined;
    });
    if (gallery) notePlain(gallery, options);
    return new EnrollmentGallery(gallery, () => openGallery(options, { encoder, create: true }));
  }

  async hasPicture(digest: string, name: string): Promise<boolean> {
    return this.#gallery ? this.#gallery.hasPicture(digest, name) : false;
  }

  async identify(
    ...probe: Parameters<GalleryForEnrollment["identify"]>
  ): ReturnType<GalleryForEnrollment["identify"]> {
    return this.#gallery ? this.#gallery.identify(...probe) : { matches: [] };
  }

  async enroll(
    ...who: Parameters<GalleryForEnrollment["enroll"]>
  ): ReturnType<GalleryForEnrollment["enroll"]> {
    this.#gallery ??= await this.#make();
    return this.#gallery.enroll(...who);
  }

  async close(): Promise<void> {
    await this.#gallery?.close();
  }
}
