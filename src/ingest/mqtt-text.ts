/**
 * Text a broker must not take: NUL (MQTT-1.5.3-2), control characters and non-characters (1.5.3: may close),
 * lone surrogates (MQTT-1.5.3-1), and U+FFFD, which is what invalid UTF-8 has become once it reaches us.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const forbidden = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]/u;

/** Bytes of UTF-8; the protocol allows 65 535, nothing of ours needs them. */
const longestTopic = 512;
const deepestTopic = 16;

export function isCleanText(text: string): boolean {
  return !forbidden.test(text);
}

/** A topic name or filter that is safe to match, to store and to log. */
export function isCleanTopic(topic: string): boolean {
  return (
    topic.length > 0 && topic.length <= longestTopic && isCleanText(topic) && topic.split('/').length <= deepestTopic
  );
}

/** A user name or client id: clean, and unable to change the meaning of a topic it is put into. */
export function isCleanId(id: string): boolean {
  return id.length > 0 && id.length <= 128 && isCleanText(id) && !/[+#/]/.test(id);
}

/** A stranger's text made safe for a line of the log: nothing hidden, nothing that turns the line, cut at `limit`. */
export function printableText(text: string, limit = 128): string {
  return text.slice(0, limit).replace(/[\p{C}\p{Zl}\p{Zp}\ufffd]/gu, '·');
}
