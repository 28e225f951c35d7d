import type { EvidenceRequest } from '../requests/evidence-request.ts';

export interface ReadmeFacts {
  readonly request: EvidenceRequest;
  readonly isReview: boolean;
  readonly key: string;
}

/** How to check the package, for whoever receives it. */
export function readmeText({ request, isReview, key }: ReadmeFacts): string {
  const { id, purpose, recipient, from, to } = request;
  return `天亮 证据包 / Tianliang evidence package
=======================================

申请 ${id}
用途：${purpose}
接收：${recipient}
时段：${from} 至 ${to}
${isReview ? '本包为审阅副本，画面带有水印，不含原始录像。' : '本包含原始录像分段，未经任何改动；clips/ 中是由其拼成、可直接播放的文件。'}

如何核验
1. tianliang evidence verify 本文件.zip --key ${key}
   离线即可运行；若有改动，会指出是哪一个文件。请向出具单位另行核对上面这把公钥。
2. 没有天亮时：
   openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig
   然后将每个文件的 SHA-256 与 manifest.json 对照：sha256sum 文件
3. ledger.json 是有关的台账记录；每行的哈希由其内容与上一行的哈希算出。manifest.json 的 ledger
   是本包封装时在台账中的那一行，出具单位可据此证明台账此后未被改动。
时间均为 UTC，由本中心的时钟给出；摄像机时钟的偏差（已知时）见 cameras.json。

---------------------------------------

Request ${id}
Purpose: ${purpose}
Recipient: ${recipient}
From ${from} to ${to}
${isReview ? 'This is a review copy: its pictures are watermarked, and no original recording is in it.' : 'The recorded files are in recordings/, untouched; clips/ holds files that play, made of them.'}

How to verify
1. tianliang evidence verify THIS.zip --key ${key}
   works offline and names the file that was touched. Ask the issuer for the public key in another way, too.
2. Without Tianliang:
   openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig
   then compare the SHA-256 of each file with manifest.json: sha256sum FILE
3. ledger.json holds the rows of the ledger that belong to it; the hash of each is made of its fields and of the
   hash before it. manifest.json names the row of its sealing: with it the issuer can show that no row before it
   has been changed since.
Times are UTC by the clock of the center; how far a camera's clock was off, where it is known, is in cameras.json.
`;
}
