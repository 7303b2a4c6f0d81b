// The driver of Asterisk keeps the drivers' contract, over a fake of the manager interface on loopback.
import { ASTERISK } from '../../../../relay/src/pbx/asterisk/declaration.ts';
import { describeDriver } from '../contract.ts';
import { openFakeAsterisk } from './fake-subject.ts';

describeDriver({
  kind: 'asterisk',
  subjectId: 'fake-ami',
  subject: 'a loopback fake of AMI, written from the documented protocol and recordings of Asterisk 16 and 22',
  declaration: ASTERISK,
  openSubject: openFakeAsterisk,
});
