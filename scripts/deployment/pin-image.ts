import type { Tools } from '../tools.ts';

/** The image that infra/configuration.ts names as well: a test holds the two together. */
const REPOSITORY = 'library/node';
const TAG = '24.21.0-slim';
const PINNED = /@sha256:[0-9a-f]{64}$/;

/** The setting for the image, and what could not be made sure of: a sentence without a full stop, or `null`. */
export interface PinnedImage {
  readonly checkImage: string;
  readonly unverified: string | null;
}

/**
 * Which image the tasks of a check run in. A job with a tag would take what the tag means whenever it is started
 * (https://cloud.google.com/run/docs/managing/jobs: Cloud Run resolves it "when you execute your job"), so that two
 * checks could differ: it gets the digest behind the tag. Where Docker Hub does not tell, the digest of the last
 * deployment stays, or else the tag.
 */
export async function pinImage(tools: Tools, remembered: string | undefined): Promise<PinnedImage> {
  try {
    const digest = await tools.digestOf(REPOSITORY, TAG);
    return { checkImage: `docker.io/${REPOSITORY}@${digest}`, unverified: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const kept = remembered !== undefined && PINNED.test(remembered) ? remembered : null;
    const checkImage = kept ?? `docker.io/${REPOSITORY}:${TAG}`;
    return {
      checkImage,
      unverified: `which image ${REPOSITORY}:${TAG} is now (${why}), so that the job of mpcomm check runs in ${checkImage}`,
    };
  }
}
