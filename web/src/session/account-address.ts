/** Where who is in sets up a second factor; it stands behind the login. */
export const accountAddress = '#account';
