/** Long enough to pass the length rule, and still tried first; compared in lower case, letters and digits only. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc q1w2e3r4t5y6 qwertyuiop qwertyuiopasdf qwertyuiop123 qwerty123456 qwertyqwerty
  asdfghjkl asdfghjklzxc zxcvbnm zxcvbnmasdfgh qazwsxedc qazwsxedcrfv zaq12wsxcde3 abcdefghijkl abcd1234abcd abc123abc123
  password passwordpassword passw0rd p4ssw0rd p4ssword password1234 passwordadmin mypassword thepassword newpassword
  changeme changemeplease changemenow pleasechangeme changethispassword letmein letmeinnow letmeinplease welcome welcomehome
  administrator administrator1 adminadmin adminpassword admin123456 superadmin rootroot rootpassword systemadmin
  iloveyou iloveyouforever woaini woaini1314520 woaini5201314 woaiwojia woaizhongguo wozuiniubi nihao nihaonihao
  5201314 520131452013 1314520 13145201314 147258369 147258369147 159753 159357 741852963 123qweasdzxc qweasdzxc qweasdzxc123
  123456abc 123456abcdef abc123456 a123456789 aa123456789 a1b2c3d4e5f6 123456789abc 123456789qwe qwe123456789 zhang123456
  tianliang tianliangdemo tianliangpassword tianliangadmin commandcenter xueliang skynet demodemo demodemodemo demopassword
  examplepassword yourpassword yourpasswordhere insertpasswordhere secretsecret supersecret supersecretpassword topsecret
  correcthorsebatterystaple trustno1 dragondragon monkeymonkey footballfootball baseballbaseball superman batmanbatman
  sunshine princess princessprincess starwars masterkey masterpassword internet computer computercomputer samsung samsungsamsung
  hikvision hikvision12345 hik12345 dahua dahua12345 admin12345 camera camerapassword surveillance cctvcctv
  testtest testtesttest testpassword testaccount guestguest guestpassword operator operatoroperator default defaultpassword`
    .split(/\s+/)
    .filter(Boolean),
);
