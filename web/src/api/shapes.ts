/** What the server's JSON looks like: the public shapes of HTTP and WebSocket. Times are RFC 3339 in UTC, points WGS-84. */

export type Severity = 'info' | 'minor' | 'major' | 'critical';
export type Carriageway = 'up' | 'down';

export interface Position {
  readonly lat: number;
  readonly lon: number;
  readonly errorMeters?: number;
}

/** Where a thing is on the road network; `stake` reads K1432+300. */
export interface RoadPlace {
  readonly road?: string;
  readonly stake?: string;
  readonly carriageway?: Carriageway;
  readonly area?: string;
  readonly position?: Position;
}

export type CameraPhase = 'idle' | 'connecting' | 'live' | 'stale' | 'waiting' | 'closed';

export interface CameraState {
  readonly phase: CameraPhase;
  readonly since: string;
  /** Why it is not live: dns refused unauthorized not_found timeout no_packets no_keyframe codec no_publisher protocol lost. */
  readonly cause?: string;
  readonly message?: string;
  readonly retryAt?: string;
  readonly attempt?: number;
  readonly lastFrameAt?: string;
}

export interface Camera extends RoadPlace {
  readonly id: string;
  readonly name: string;
  readonly view?: { readonly bearing: number; readonly angle: number; readonly range: number };
  readonly tags?: readonly string[];
  readonly detect?: boolean;
  /** Whether it has a smaller picture for small tiles. */
  readonly substream?: boolean;
  /** Absent without sound. */
  readonly sound?: { readonly codec: string; readonly played: boolean; readonly message?: string };
  readonly state: CameraState;
  readonly video?: {
    readonly codec: 'h264' | 'h265';
    readonly width: number;
    readonly height: number;
    readonly fps?: number;
    readonly bitrate?: number;
  };
  readonly viewers?: number;
  /** Absent of one that was never looked at. */
  readonly health?: {
    readonly sees: 'well' | 'less' | 'nothing';
    readonly why?: FaultKind | 'fog' | 'night';
    readonly lookedAt?: string;
    /** How far its clock is ahead. */
    readonly clockSeconds?: number;
  };
  readonly faults?: readonly { readonly kind: FaultKind; readonly since: string; readonly detail: string }[];
  /** Where the weather ends its sight before its range does. */
  readonly seesMeters?: number;
}

/** What can be wrong with what a camera shows. */
export type FaultKind = 'black' | 'frozen' | 'covered' | 'blurred' | 'moved' | 'clock';

export type UnitStatus = 'free' | 'en_route' | 'on_scene' | 'off';

/** How far a message to a unit's terminal has come by the terminal's own word. */
export type ReceiptState = 'delivered' | 'read' | 'accepted' | 'declined' | 'arrived' | 'completed';

export interface Unit extends RoadPlace {
  readonly id: string;
  readonly name: string;
  readonly kind: 'patrol' | 'road' | 'rescue' | 'maintenance';
  readonly status: UnitStatus;
  readonly online: boolean;
  readonly heading?: number;
  /** Metres per second. */
  readonly speed?: number;
  readonly battery?: number;
  /** As the terminal says it: dBm when negative, else per cent. */
  readonly signal?: number;
  /** The talk group its terminal is on. */
  readonly channel?: string;
  /** It talks at this moment. */
  readonly ptt?: true;
  readonly at?: string;
  /** Ids of the areas it is inside of, as far as they are watched. */
  readonly fences?: readonly string[];
  /** Messages that its terminal has not been seen to show. */
  readonly unread?: number;
  /** Of the newest message that its terminal has answered. */
  readonly receipt?: { readonly state: ReceiptState; readonly at: string };
}

export interface Sensor extends RoadPlace {
  readonly id: string;
  readonly name: string;
  readonly kind?: 'sensor' | 'terminal';
  readonly online: boolean;
  readonly at?: string;
  /** visibility (m), temperature (°C), wind (m/s), humidity (%), rain (mm/h). */
  readonly values?: Readonly<Record<string, number>>;
}

export interface Reason {
  readonly text: string;
  readonly value?: number;
  readonly limit?: number;
  readonly unit?: string;
  readonly source?: string;
}

/** What a rule on pictures saw and asked when it raised an alert; times in seconds, places in fractions of the picture. */
export interface Why {
  readonly rule: 'presence' | 'stopped' | 'wrong-way' | 'crowd' | 'object-left' | 'crossing' | 'wrong-way-line';
  readonly at: string;
  readonly place: {
    readonly type: 'zone' | 'line';
    readonly id: string;
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  };
  readonly things: readonly {
    readonly label: string;
    readonly score: number;
    readonly seconds: number;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }[];
  readonly moreThings?: number;
  readonly dwell: number;
  readonly limits: {
    readonly objects: readonly string[];
    readonly score: number;
    readonly dwell: number;
    readonly minSize: number;
    readonly cooldown: number;
    readonly clear: number;
    readonly count?: number;
  };
  readonly schedule?: {
    readonly when: 'day' | 'night' | 'always';
    readonly weekdays: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
    readonly hours: readonly string[];
    /** How high it stood at the camera, in degrees. */
    readonly sun: number;
  };
  /** Of the nearest station: metres, mm/h, m/s, °C. */
  readonly weather?: {
    readonly station: string;
    readonly meters: number;
    readonly at: string;
  } & { readonly [M in WeatherMeasure]?: number };
}

export type WeatherMeasure = 'visibility' | 'rain' | 'snow' | 'wind' | 'temperature';

export type AlertState = 'raised' | 'acknowledged' | 'confirmed' | 'dismissed';

export interface ActedBy {
  readonly id: string;
  readonly name: string;
  readonly at: string;
}

/** What one source saw of an event that several saw; the first is the alert's own, the others say why they belong to it. */
export interface MergedPart extends Pick<Alert, 'id' | 'kind' | 'title' | 'severity' | 'camera' | 'sensor' | 'unit'> {
  readonly because?: { readonly text: string; readonly distanceMeters: number; readonly seconds: number };
}

export interface Alert extends RoadPlace {
  readonly id: string;
  readonly seq: number;
  readonly version: number;
  readonly kind: string;
  readonly severity: Severity;
  readonly state: AlertState;
  readonly at: string;
  readonly lastSeenAt?: string;
  readonly endedAt?: string;
  readonly camera?: string;
  readonly sensor?: string;
  readonly unit?: string;
  readonly title: string;
  readonly reasons: readonly Reason[];
  readonly why?: Why;
  readonly mergedFrom?: readonly string[];
  readonly merged?: readonly MergedPart[];
  readonly acknowledgedBy?: ActedBy;
  readonly closedBy?: ActedBy;
  readonly dismissReason?: string;
  readonly snapshot?: boolean;
  /** In fractions of the picture. */
  readonly box?: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly score: number;
  };
  readonly dueAt?: string;
  /** The incident that it has led to. */
  readonly incident?: string;
}

export type Role = 'viewer' | 'seat' | 'patrol' | 'reviewer' | 'auditor' | 'engineer' | 'admin';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly string[] | 'all';
  /** Whom it speaks for. */
  readonly unit?: string;
  /** `required`: nothing goes before it is set up. */
  readonly secondFactor?: 'on' | 'required';
}

export interface MapView {
  readonly center: Position;
  readonly zoom: number;
  readonly title: string;
}
