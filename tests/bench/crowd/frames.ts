// WebSocket frames as a crowd of clients in one process needs them: read without copying, written without masking work
// (a key of zeros), nothing looked at that is not asked for. Must cost so little that the servers are what is measured.

const TEXT = 0x81;
const MASKED = 0x80;
const SHORT_LIMIT = 126;
const LONG = 127;

/** A client's frame with this text, at most 65,535 bytes. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const isShort = payload.length < SHORT_LIMIT;
  const head = isShort
    ? Buffer.from([TEXT, MASKED | payload.length, 0, 0, 0, 0])
    : Buffer.from([TEXT, MASKED | SHORT_LIMIT, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

/** A reader for one stream of a server's frames, which are whole messages here: hands on what each holds. */
export function createFrameReader(onPayload: (payload: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    for (;;) {
      const frame = frameAt(bytes, at);
      if (!frame) break;
      // Pings and closes are of no interest; an end of the connection says itself.
      if (bytes[at] === TEXT) onPayload(bytes.subarray(frame.start, frame.end));
      at = frame.end;
    }
    rest = at < bytes.length ? bytes.subarray(at) : undefined;
  };
}

function frameAt(bytes: Buffer, at: number): { start: number; end: number } | undefined {
  if (bytes.length < at + 2) return undefined;
  const short = bytes.readUInt8(at + 1);
  const start = at + (short < SHORT_LIMIT ? 2 : short < LONG ? 4 : 10);
  if (bytes.length < start) return undefined;
  const length = short < SHORT_LIMIT ? short : short < LONG ? bytes.readUInt16BE(at + 2) : bytes.readUIntBE(at + 4, 6);
  return bytes.length < start + length ? undefined : { start, end: start + length };
}
