import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpenEditor } from './editor.ts';
import { findPicker, followFile, type Following } from './follow-file.ts';
import { OWN_FILE } from './own-file.ts';
import { ownTemplate } from './own-template.ts';

interface OwnFilesProps {
  readonly editor: { readonly current: OpenEditor | null };
}

/** Buttons that open a file, save to one, and go back to the template. */
export function OwnFiles({ editor }: OwnFilesProps): JSX.Element {
  const save = (): void => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(
      new Blob([editor.current?.text() ?? ''], { type: 'text/plain' }),
    );
    link.download = OWN_FILE;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <button type="button" onClick={save}>
        Save as {OWN_FILE}
      </button>
      <label>
        Open a file{' '}
        <input
          type="file"
          accept=".ts,.js,text/plain"
          onChange={(event) => {
            void event.currentTarget.files?.[0]
              ?.text()
              .then((text) => editor.current?.setText(text));
          }}
        />
      </label>
      <FollowButton editor={editor} />
      <button type="button" onClick={() => editor.current?.setText(ownTemplate())}>
        Back to the template
      </button>
    </>
  );
}

/** Keeps the editor in step with a file that is written in another program; only where browsers can. */
function FollowButton({ editor }: OwnFilesProps): JSX.Element | null {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const following = useRef<Following | null>(null);
  useEffect(() => () => following.current?.stop(), []);
  const picker = findPicker();
  if (picker === null) return null;
  const stop = (reason: string): void => {
    following.current?.stop();
    following.current = null;
    setName('');
    setProblem(reason);
  };
  const follow = async (): Promise<void> => {
    const [handle] = await picker();
    if (handle === undefined) return;
    following.current = followFile(handle, (text) => editor.current?.setText(text), stop);
    setName(handle.name);
    setProblem('');
  };
  const choose = (): void => {
    // Whoever closes the dialogue without a file has not done anything wrong.
    follow().catch(() => undefined);
  };
  return (
    <>
      <button type="button" onClick={name === '' ? choose : () => stop('')}>
        {name === '' ? 'Follow a file on disk' : `Stop following ${name}`}
      </button>
      {problem === '' ? null : <small role="alert">{problem}</small>}
    </>
  );
}
