/** In what a camera differs from the book, each seen in the field; all of it must play. */
export interface RtspOddities {
  /** OPTIONS is unknown to it. */
  readonly noOptions?: boolean;
  readonly noContentBase?: boolean;
  /** What stands in `a=control` of a track: a name to be appended, a whole URL, or one of the camera's inner network. */
  readonly control?: 'relative' | 'absolute' | 'inner-address' | 'query';
  /** `a=control` of the session. */
  readonly sessionControl?: 'star' | 'absolute' | 'none';
  /** PLAY of the whole is refused (459): each track is played for itself. */
  readonly playPerTrack?: boolean;
  /** Takes other interleaved channels than those asked for. */
  readonly firstChannel?: number;
  /** Names no channels at all in its answer. */
  readonly noTransport?: boolean;
  /** Answers carry no CSeq. */
  readonly noSequence?: boolean;
  /** Packets and reports of an older session come during the handshake. */
  readonly earlyPackets?: boolean;
  /** Bytes that are neither frame nor message stand between the frames. */
  readonly garbage?: boolean;
  /** RTP packets carry padding and a header extension. */
  readonly paddedPackets?: boolean;
  /** The first sequence number, when the wrap is to come soon. */
  readonly firstSequence?: number;
  /** The first RTP timestamp, when the wrap is to come soon. */
  readonly firstTimestamp?: number;
  /** Sets up no sound, though it describes it. */
  readonly refusesSound?: boolean;
  /** Its microphone is off: it describes and sets up sound, and sends none. */
  readonly micOff?: boolean;
  /** Refuses UDP (461). */
  readonly refusesUdp?: boolean;
  /** Its wall clock is off by so much, milliseconds. */
  readonly clockOffsetMs?: number;
  /** Sends no sender reports. */
  readonly noReports?: boolean;
  /** Of each so many UDP packets one is lost, or changes place with the next. */
  readonly dropEvery?: number;
  readonly swapEvery?: number;
}
