// Starts GraphiQL on this server. Asking is one fetch; a subscription reads server-sent
// events with fetch, so that both carry the headers of the headers tab. Who is signed in to
// the explorer needs none: the browser sends the session's cookie, and this page asks for the
// token that goes with it. Inside the explorer, which frames it, it is told what to open and
// in which colours, and tells what was asked.
(function () {
  'use strict';

  const url = '/graphql';
  const params = new URLSearchParams(location.search);
  const framed = window.parent !== window;
  let csrf = null; // a promise of the header, asked for once

  function tell(message) {
    if (framed) window.parent.postMessage({ accessgraph: message }, location.origin);
  }

  function sessionHeaders() {
    csrf ??= fetch('/api/v1/session', { headers: { Accept: 'application/json' } })
      .then((answer) => answer.json())
      .then((session) => (session.csrf ? { 'X-CSRF-Token': session.csrf } : {}))
      .catch(() => ({}));
    return csrf;
  }

  // A session that has ended or was begun anew has another token.
  function noticed(answer) {
    if (answer.status !== 401 && answer.status !== 403) return;
    csrf = null;
    if (answer.status === 401) tell({ type: 'signedOut' });
  }

  async function ask(body, headers) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...(await sessionHeaders()), ...headers },
      body: JSON.stringify(body),
    });
    noticed(answer);
    return answer.json();
  }

  async function* listen(body, headers) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...(await sessionHeaders()), ...headers },
      body: JSON.stringify(body),
    });
    noticed(answer);
    if (!answer.ok) {
      yield await answer.json();
      return;
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        rest += value;
        const events = rest.split('\n\n');
        rest = events.pop();
        for (const event of events) {
          const data = event.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5)).join('\n').trim();
          if (data) yield JSON.parse(data);
        }
      }
    } finally {
      reader.cancel();
    }
  }

  function isSubscription(params, options) {
    const document = options && options.documentAST;
    if (!document) return false;
    return document.definitions.some(
      (d) => d.kind === 'OperationDefinition' && d.operation === 'subscription' &&
        (!params.operationName || (d.name && d.name.value === params.operationName)),
    );
  }

  // The headers tab begins with an Authorization to be filled in; an open server needs none.
  function filledIn(headers) {
    return Object.fromEntries(Object.entries(headers || {}).filter(([, value]) => !/^(Bearer)?\s*$/i.test(value)));
  }

  // What GraphiQL asks by itself, to know the schema, is nobody's question.
  async function asked(params, headers) {
    const begun = performance.now();
    const answer = await ask(params, headers);
    if (params.operationName !== 'IntrospectionQuery') {
      const variables = params.variables && Object.keys(params.variables).length > 0 ? JSON.stringify(params.variables, null, 2) : '';
      tell({ type: 'ran', query: params.query, variables, ok: !answer.errors, ms: Math.round(performance.now() - begun) });
    }
    return answer;
  }

  function fetcher(params, options) {
    const headers = filledIn(options && options.headers);
    return isSubscription(params, options) ? listen(params, headers) : asked(params, headers);
  }

  // Opens what the explorer says, in a tab of its own where something else is open.
  function Listener({ onTheme }) {
    const { addTab, queryEditor, variableEditor } = GraphiQL.React.useEditorContext();
    React.useEffect(() => {
      if (!queryEditor || !variableEditor) return undefined;
      const listen = (event) => {
        if (event.origin !== location.origin || event.source !== window.parent) return;
        const message = event.data && event.data.accessgraph;
        if (!message) return;
        if (message.type === 'theme') onTheme(message.theme);
        if (message.type !== 'open') return;
        if (queryEditor.getValue().trim() !== '' && queryEditor.getValue() !== message.query) addTab();
        setTimeout(() => { // the editor has the new tab's text by then
          queryEditor.setValue(message.query);
          variableEditor.setValue(message.variables || '');
          queryEditor.focus();
        }, 50);
      };
      window.addEventListener('message', listen);
      tell({ type: 'ready' });
      return () => window.removeEventListener('message', listen);
    }, [addTab, queryEditor, variableEditor, onTheme]);
    return null;
  }

  function App() {
    const [theme, setTheme] = React.useState(params.get('theme') || undefined);
    return React.createElement(GraphiQL, {
      fetcher,
      forcedTheme: framed ? theme : undefined,
      query: params.get('query') || undefined,
      variables: params.get('variables') || undefined,
      defaultEditorToolsVisibility: true,
      defaultHeaders: framed ? undefined : '{\n  "Authorization": "Bearer "\n}',
      isHeadersEditorEnabled: !framed,
      defaultTabs: framed ? window.accessgraphExamples.slice(0, 1) : window.accessgraphExamples,
      shouldPersistHeaders: false,
      toolbar: framed ? { additionalContent: React.createElement(Listener, { onTheme: setTheme }) } : undefined,
    });
  }

  if (framed) document.documentElement.classList.add('framed');
  ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(App));
})();
