import type { Random } from '../../random';
import type { Patient } from '../patient';
import type { Phantom } from '../phantom';
import { drawAirways, drawGreatVessels, drawHeart } from './heart';
import { drawLungs } from './lungs';
import { drawAbdomen, drawBodyWall, drawCouch, drawMediastinum, drawSkeleton } from './trunk';

/** What a chest is made of, in the order of painting: later organs lie over earlier ones. */
const organs: readonly {
  readonly name: string;
  readonly draw: (phantom: Phantom, patient: Patient, random: Random) => void;
}[] = [
  { name: 'couch', draw: drawCouch },
  { name: 'body wall', draw: drawBodyWall },
  { name: 'lungs', draw: drawLungs },
  { name: 'abdomen', draw: drawAbdomen },
  { name: 'mediastinum', draw: drawMediastinum },
  { name: 'great vessels', draw: drawGreatVessels },
  { name: 'heart', draw: drawHeart },
  { name: 'airways', draw: drawAirways },
  { name: 'skeleton', draw: drawSkeleton },
];

/** Paints the healthy chest of a patient. */
export function drawAnatomy(phantom: Phantom, patient: Patient, random: Random): void {
  for (const organ of organs) {
    organ.draw(phantom, patient, random);
  }
}
