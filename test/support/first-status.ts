import {
  type LaboratoryStatus,
  laboratoryStatusSchema,
} from '../../control/api/dashboard-documents.ts';

/** What a dashboard tells a page that begins to listen at `url`. */
export async function firstStatus(url: string): Promise<LaboratoryStatus> {
  const response = await fetch(url);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended: ${text}`);
    text += value;
    const data = /^event: status\ndata: (.*)$/m.exec(text)?.[1];
    if (data === undefined) continue;
    await reader.cancel();
    return laboratoryStatusSchema.parse(JSON.parse(data));
  }
}
