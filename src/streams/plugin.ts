import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type CamerasPluginOptions, camerasPlugin } from './cameras/plugin.ts';
import { type RecorderPluginOptions, recorderPlugin } from './recorder/plugin.ts';
import type { Video } from './video.ts';
import { type StreamPluginOptions, streamPlugin } from './viewing/plugin.ts';
import { whepPlugin } from './whep/plugin.ts';

export type VideoPluginOptions = { readonly video: Video } & Omit<StreamPluginOptions, 'streams'>;

/** What plays, at the root. It closes all video with the server. */
export const videoPlugin: FastifyPluginAsyncTypebox<VideoPluginOptions> = async (app, { video, ...options }) => {
  await app.register(streamPlugin, { ...options, streams: video.streams, playback: video.recorder.playback });
  await app.register(whepPlugin, { ...options, streams: video.streams, config: video.webrtc, log: app.log });
  app.addHook('onClose', () => video.close());
};

export type VideoApiOptions = { readonly video: Video } & Omit<CamerasPluginOptions, 'streams' | 'tools' | 'selfTest'> &
  Omit<RecorderPluginOptions, 'streams' | 'recorder'>;

/** What is asked and told about cameras, under the API's prefix. */
export const videoApiPlugin: FastifyPluginAsyncTypebox<VideoApiOptions> = async (app, { video, ...options }) => {
  // The prefix is this plugin's own already: handed on, it would stand twice.
  const parts = { ...options, prefix: '', streams: video.streams };
  await app.register(camerasPlugin, { ...parts, tools: video.tools, selfTest: video.selfTest });
  await app.register(recorderPlugin, { ...parts, recorder: video.recorder });
};
