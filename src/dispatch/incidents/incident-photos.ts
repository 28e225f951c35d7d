import { createHash, randomUUIDv7 } from 'node:crypto';
import { insertPhoto } from '../../store/incidents-repository.ts';
import type { Command } from './command.ts';
import type { Incident } from './incident.ts';
import type { IncidentRecords } from './incident-records.ts';
import { moveIncident } from './move-incident.ts';
import { photoJpeg } from './photo-jpeg.ts';

/** Pictures of an incident: what was reported, what was found, what it looks like afterwards. */
export class IncidentPhotos {
  readonly #records: IncidentRecords;

  constructor(records: IncidentRecords) {
    this.#records = records;
  }

  /** Fails with `PHOTO_INVALID`, `INCIDENT_FULL` and as the moves do. */
  async add(incident: string, picture: Uint8Array, command: Command): Promise<Incident> {
    const jpeg = await photoJpeg(picture);
    const digest = createHash('sha256').update(picture).digest('hex');
    return await this.#records.command(command, ['photo', incident, digest], async (work) => {
      const id = randomUUIDv7();
      const move = { type: 'photo', photo: id } as const;
      const pictured = await moveIncident(work, { id: incident, move, command, now: new Date() });
      await insertPhoto(work.tx, { id, incident, jpeg });
      return pictured;
    });
  }
}
