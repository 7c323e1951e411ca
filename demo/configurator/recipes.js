// Code that reports a call to analytics and advertising tools. docs/analytics.md shows the same recipes; a test compares the two and
// runs each recipe against a recorder. No event contains a phone number.

/** Minimum conversation for a qualified lead, seconds: a voicemail is usually shorter. */
const qualifiedSeconds = 30;

/** `needsDataLayer`: works only with the `data-layer` attribute. */
export const recipes = [
  {
    id: 'gtm',
    name: 'Google Tag Manager',
    needsDataLayer: true,
    hint: 'In Google Tag Manager, create a Custom Event trigger for each name below, and fire your GA4, Google Ads or Meta tags with it.',
    code: `Event name                      When it fires
polyai_callback_requested       A visitor requested a call: your lead.
polyai_callback_scheduled       A visitor chose a time for the call, or waits in the queue.
polyai_callback_ended           The call ended. Data layer variables: outcome, talkedSeconds, callId.

Condition for a qualified lead: outcome equals completed, and talkedSeconds is at least ${String(qualifiedSeconds)}.`,
  },
  {
    id: 'ga4',
    name: 'Google Analytics 4',
    hint: 'Paste it after your Google tag. It uses the event names that Google recommends for leads.',
    code: `<script>
  document.addEventListener('polyai-callback-requested', function (event) {
    gtag('event', 'generate_lead', { lead_source: 'callback', country: event.detail.country });
  });
  document.addEventListener('polyai-callback-ended', function (event) {
    if (event.detail.outcome === 'completed' && event.detail.talkedSeconds >= ${String(qualifiedSeconds)})
      gtag('event', 'qualify_lead', { lead_source: 'callback', talked_seconds: event.detail.talkedSeconds });
  });
</script>`,
  },
  {
    id: 'google-ads',
    name: 'Google Ads',
    hint: 'Replace AW-000000000/REQUESTED and AW-000000000/TALKED with the send_to values of your two conversion actions. The transaction ID keeps Google from counting a call twice.',
    code: `<script>
  document.addEventListener('polyai-callback-requested', function (event) {
    gtag('event', 'conversion', { send_to: 'AW-000000000/REQUESTED', transaction_id: event.detail.callId });
  });
  document.addEventListener('polyai-callback-ended', function (event) {
    if (event.detail.outcome === 'completed' && event.detail.talkedSeconds >= ${String(qualifiedSeconds)})
      gtag('event', 'conversion', { send_to: 'AW-000000000/TALKED', transaction_id: event.detail.callId });
  });
</script>`,
  },
  {
    id: 'meta',
    name: 'Meta Pixel',
    hint: 'Paste it after your Meta Pixel. The event ID lets you send the same call from a server without counting it twice.',
    code: `<script>
  document.addEventListener('polyai-callback-requested', function (event) {
    fbq('track', 'Lead', { content_category: 'callback' }, { eventID: event.detail.callId });
  });
  document.addEventListener('polyai-callback-ended', function (event) {
    if (event.detail.outcome === 'completed' && event.detail.talkedSeconds >= ${String(qualifiedSeconds)})
      fbq('trackCustom', 'QualifiedCallback', { seconds: event.detail.talkedSeconds }, { eventID: event.detail.callId + '-talked' });
  });
</script>`,
  },
  {
    id: 'consent',
    name: 'Consent first',
    hint: 'For visitors who must agree to marketing first. Leave “Campaign and click IDs” and the data layer off above, and call this function when your consent banner reports that the visitor agreed.',
    code: `<script>
  function onMarketingConsent() {
    var element = document.querySelector('polyai-callback');
    element.setAttribute('data-layer', 'dataLayer');
    element.setAttribute('attribution', 'true');
    gtag('consent', 'update', {
      ad_storage: 'granted',
      ad_user_data: 'granted',
      ad_personalization: 'granted',
      analytics_storage: 'granted',
    });
  }
</script>`,
  },
];
