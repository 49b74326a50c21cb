import { messageFrom } from '../shared/message-from.ts';

/** A file on disk, as the File System Access API gives it; not every browser has that. */
export interface FollowedHandle {
  readonly name: string;
  getFile(): Promise<File>;
}

/** How a followed file stands. */
export interface Following {
  readonly name: string;
  stop(): void;
}

type Picker = () => Promise<readonly FollowedHandle[]>;

/** How often the file's time of change is looked at. */
const LOOK_EVERY_MS = 700;

/** What lets somebody pick a file to be followed; `null` in a browser that has no such thing. */
export function findPicker(): Picker | null {
  const picker: unknown = Reflect.get(globalThis, 'showOpenFilePicker');
  return typeof picker === 'function' ? (picker.bind(globalThis) as Picker) : null;
}

/**
 * Hands over the text of a file now, and again whenever it was saved, until it is stopped or cannot be read any
 * more: then `onEnd` says why.
 */
export function followFile(
  handle: FollowedHandle,
  onText: (text: string) => void,
  onEnd: (reason: string) => void,
): Following {
  let changedAtMs = -1;
  let isStopped = false;
  const look = async (): Promise<void> => {
    const file = await handle.getFile();
    if (file.lastModified === changedAtMs) return;
    changedAtMs = file.lastModified;
    const text = await file.text();
    if (!isStopped) onText(text);
  };
  const again = (): void => {
    if (isStopped) return;
    look().then(
      () => setTimeout(again, LOOK_EVERY_MS),
      (error: unknown) => {
        isStopped = true;
        onEnd(messageFrom(error));
      },
    );
  };
  again();
  return {
    name: handle.name,
    stop: () => {
      isStopped = true;
    },
  };
}
