import type { JSX } from 'preact';
import { ORDERING_NAMES, ORDERINGS } from '../../core/orderings/registry.ts';
import { pathBetween, REGIONS } from '../../network/network-model.ts';
import { zonesForPeers } from '../../network/zones.ts';
import { NumberInput } from '../shared/number-input.tsx';
import { FaultList } from './fault-list.tsx';
import {
  type NumberField,
  PLAYGROUND_LIMITS,
  type PlaygroundSettings,
} from './playground-settings.ts';

interface FormProps {
  readonly settings: PlaygroundSettings;
  readonly onChange: (settings: PlaygroundSettings) => void;
}

/** What is run. Each change takes effect at once; there is no button to press. */
export function PlaygroundForm({ settings, onChange }: FormProps): JSX.Element {
  const set = (change: Partial<PlaygroundSettings>): void => onChange({ ...settings, ...change });
  return (
    <form class="settings" onSubmit={(event) => event.preventDefault()}>
      <OrderingChoice
        label="Ordering"
        value={settings.ordering}
        onChoose={(ordering) => set({ ordering })}
      />
      <OrderingChoice
        label="Beside it"
        value={settings.against}
        none="nothing"
        onChoose={(against) => set({ against })}
      />
      <SettingField field="peers" label="Peers" settings={settings} onChange={set} />
      <SettingField field="messages" label="Messages each" settings={settings} onChange={set} />
      <SettingField field="lossPercent" label="Lost, %" settings={settings} onChange={set} />
      <SettingField
        field="repetitionPercent"
        label="Repeated, %"
        settings={settings}
        onChange={set}
      />
      <SettingField field="seed" label="Seed" settings={settings} onChange={set} />
      <button type="button" onClick={() => set({ seed: (settings.seed + 1) % 0x1_0000_0000 })}>
        Another seed
      </button>
      <label>
        Delays
        <select
          value={settings.network}
          onChange={(event) =>
            set({ network: event.currentTarget.value === 'uniform' ? 'uniform' : 'zones' })
          }
        >
          <option value="zones">measured between zones</option>
          <option value="uniform">any up to a limit</option>
        </select>
      </label>
      {settings.network === 'uniform' ? (
        <SettingField field="delayMsMax" label="Up to, ms" settings={settings} onChange={set} />
      ) : (
        <ZoneChoices settings={settings} onChange={onChange} />
      )}
      <FaultList settings={settings} onChange={onChange} />
    </form>
  );
}

interface OrderingChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly none?: string;
  readonly onChoose: (name: string) => void;
}

/** One of the registered orderings, with what it promises. */
export function OrderingChoice({ label, value, none, onChoose }: OrderingChoiceProps): JSX.Element {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {none === undefined ? null : <option value="">{none}</option>}
        {ORDERING_NAMES.map((name) => (
          <option key={name} value={name} title={ORDERINGS.get(name)!.summary}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SettingFieldProps {
  readonly field: NumberField;
  readonly label: string;
  readonly settings: PlaygroundSettings;
  readonly onChange: (change: Partial<PlaygroundSettings>) => void;
}

function SettingField({ field, label, settings, onChange }: SettingFieldProps): JSX.Element {
  return (
    <label>
      {label}
      <NumberInput
        name={field}
        value={settings[field]}
        limits={PLAYGROUND_LIMITS[field]}
        onChange={(value) => onChange({ [field]: value })}
      />
    </label>
  );
}

/** The zone of each peer; the map on the stage follows. */
function ZoneChoices({ settings, onChange }: FormProps): JSX.Element {
  const zones = zonesForPeers(settings.peers, settings.zones);
  const choose = (peer: number, region: string): void => {
    onChange({
      ...settings,
      zones: zones.map((zone, each) => (each === peer ? `${region}-a` : zone)),
    });
  };
  return (
    <details>
      <summary>Zones of the peers</summary>
      <div class="fields">
        {zones.map((zone, peer) => (
          <label key={peer}>
            Peer {peer}
            <select
              value={zone.slice(0, zone.lastIndexOf('-'))}
              onChange={(event) => choose(peer, event.currentTarget.value)}
            >
              {REGIONS.map((region) => (
                <option key={region} value={region}>
                  {region}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <RoundTrips zones={zones} />
    </details>
  );
}

/** How long a packet takes there and back between each two peers, as it was measured between their zones. */
function RoundTrips({ zones }: { readonly zones: readonly string[] }): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Round trips, to be scrolled">
      <table>
        <caption>Measured round trips, ms</caption>
        <thead>
          <tr>
            <td />
            {zones.map((_zone, peer) => (
              <th key={peer} scope="col">
                peer {peer}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {zones.map((from, peer) => (
            <tr key={peer}>
              <th scope="row">peer {peer}</th>
              {zones.map((to, other) => (
                <td key={other}>
                  {other === peer ? '' : ((pathBetween(from, to).oneWayUs * 2) / 1_000).toFixed(0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
