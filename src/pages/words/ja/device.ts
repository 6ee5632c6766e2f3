/** デバイスのコードの入力と、その後のページ。 */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const device: Words['device'] = {
  title: 'デバイスの接続',
  lead: 'ブラウザーのないデバイスやアプリに表示されたコードを、ここに入力してください。何かが行われる前に、誰が何を求めているかが表示されます。',
  code: 'デバイスに表示されたコード',
  onlyYourOwn:
    'ご自分のデバイスに表示されたコードだけを入力してください。手助けしてくれる人のコードを入力する必要はありません。',
  unknown: 'このコードは存在しないか、無効になっています。デバイスの表示と見比べるか、デバイスでやり直してください。',
  tooMany: 'コードの入力回数が多すぎます。しばらく待ってから、もう一度お試しください。',
  signIn: 'サービスを接続する前に、別の方法でサインインするようこのサイトの運営者が求めています。',
  connectedTitle: 'デバイスを接続しました',
  connectedHeading: 'デバイスに戻ってください',
  connected: (service) => html`${service} を接続しました。数秒でデバイスに反映されます。`,
  refusedTitle: '接続していません',
  refusedHeading: 'デバイスには何も渡されません',
  refused: (service) => html`${service} の要求を拒否しました。このコードはもう使えません。`,
};
