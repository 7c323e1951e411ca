// The page on which the admin listener's token is entered. It needs no script.

import { ownerPaths } from '../../owner-contract.js';

const messages = {
  wrong: 'That is not the token. Check ADMIN_TOKEN, and try again.',
  later: 'There were too many wrong tokens. Wait a minute, then try again.',
} as const;

/** The page, with what was wrong with the last attempt. */
export const signInPage = (problem?: keyof typeof messages): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>Sign in</title>
<link rel="icon" href="data:," />
<link rel="stylesheet" href="${ownerPaths.style}" />
</head>
<body>
<main class="sign-in">
<h1>Sign in</h1>
<form method="post" action="${ownerPaths.signIn}">
<label for="token">Admin token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus${problem ? ' aria-invalid="true" aria-describedby="problem"' : ''} />
${problem ? `<p id="problem" class="error" role="alert">${messages[problem]}</p>\n` : ''}<button>Sign in</button>
</form>
</main>
</body>
</html>
`;
