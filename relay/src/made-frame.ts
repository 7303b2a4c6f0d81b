// A frame that goes to many connections as it stands: put into bytes once, however many get it. A server's frames carry no
// mask (RFC 6455, section 5.3), so that the same bytes do for all. Who may get it is decided elsewhere.

/** A message ready to be sent. */
export interface MadeFrame {
  text: string;
  /** The whole WebSocket frame, head included. */
  wire: Buffer;
}

const FINAL_TEXT = 0x81;
const MOST_SHORT = 125;
const MOST_MEDIUM = 65_535;

/** Makes a frame of a message's text. */
export function madeFrame(text: string): MadeFrame {
  const length = Buffer.byteLength(text);
  const headLength = length <= MOST_SHORT ? 2 : length <= MOST_MEDIUM ? 4 : 10;
  const wire = Buffer.allocUnsafe(headLength + length);
  writeHead(wire, length);
  wire.write(text, headLength);
  return { text, wire };
}

function writeHead(wire: Buffer, length: number): void {
  wire.writeUInt8(FINAL_TEXT, 0);
  if (length <= MOST_SHORT) wire.writeUInt8(length, 1);
  else if (length <= MOST_MEDIUM) {
    wire.writeUInt8(126, 1);
    wire.writeUInt16BE(length, 2);
  } else {
    wire.writeUInt8(127, 1);
    wire.writeBigUInt64BE(BigInt(length), 2);
  }
}
