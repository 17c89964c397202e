/** What source code does that the kernel lets nobody but root do, unless the container is given a capability. Data only. */

/** A program that code starts. */
export interface PrivilegedProgramRow {
  readonly programs: RegExp;
  /** The words behind it, joined by blanks; undefined: whatever they are. */
  readonly words?: RegExp;
  /** What it does, behind `starts nmap, which`. */
  readonly what: string;
  readonly source: string;
  readonly date: string;
}

export const PRIVILEGED_PROGRAMS: readonly PrivilegedProgramRow[] = [
  {
    programs: /^nmap$/,
    words: /(?:^|\s)(?:-s[SUFNXAWMYZO]\w*|-O|--traceroute|--send-eth)(?=\s|$)/,
    what: 'makes packets of its own for such a scan',
    source: 'nmap/nmap:docs/refguide.xml (privileged users)',
    date: '2026-11',
  },
  {
    programs: /^(?:masscan|zmap|arp-scan|arping|netdiscover|hping3|tcpdump|tshark|dumpcap|airmon-ng|airodump-ng)$/,
    what: 'makes or reads packets of its own',
    source: 'capabilities(7): CAP_NET_RAW',
    date: '2026-11',
  },
  {
    programs:
      /^(?:iptables|ip6tables|nft|ebtables|ipset|wg|wg-quick|brctl|modprobe|insmod|losetup|mknod|nsenter|setcap)$/,
    what: 'changes the network or the devices',
    source: 'capabilities(7): CAP_NET_ADMIN, CAP_SYS_ADMIN, CAP_SYS_MODULE',
    date: '2026-11',
  },
  {
    programs: /^(?:useradd|usermod|userdel|groupadd|chpasswd)$/,
    what: 'changes accounts',
    source: 'useradd(8), chpasswd(8)',
    date: '2026-11',
  },
];

/** A call of a library. */
export interface PrivilegedCallRow {
  readonly files: RegExp;
  /** What a file must hold before it is searched. */
  readonly needs: string;
  readonly pattern: RegExp;
  readonly what: string;
  readonly source: string;
  readonly date: string;
}

export const PRIVILEGED_CALLS: readonly PrivilegedCallRow[] = [
  {
    files: /\.py$/,
    needs: 'scapy',
    pattern: /\b(?:sniff|AsyncSniffer|srp1?|sr1?|sendp|arping)\(/,
    what: 'makes or reads packets of its own',
    source: 'secdev/scapy:doc/scapy/introduction.rst',
    date: '2026-11',
  },
  {
    files: /\.py$/,
    needs: 'nmap',
    pattern: /\barguments\s*=\s*[rf]?["'](?:[^"'\n]*\s)?(?:-s[SUFNXAWMYZO]\w*|-O|--traceroute)(?=[\s"'])/,
    what: 'has nmap make packets of its own',
    source: 'nmap/nmap:docs/refguide.xml (privileged users)',
    date: '2026-11',
  },
  {
    files: /\.(?:py|c|cc|cpp|go|rs|rb)$/,
    needs: 'SOCK_RAW',
    pattern: /\bSOCK_RAW\b/,
    what: 'opens a raw socket',
    source: 'capabilities(7): CAP_NET_RAW',
    date: '2026-11',
  },
  {
    files: /\.go$/,
    needs: 'pcap.',
    pattern: /\bpcap\.(?:OpenLive|NewInactiveHandle)\(/,
    what: 'reads packets off the network',
    source: 'google/gopacket:pcap/doc.go',
    date: '2026-11',
  },
  {
    files: /\.go$/,
    needs: 'SetPrivileged(true)',
    pattern: /\.SetPrivileged\(true\)/,
    what: 'opens a raw socket',
    source: 'prometheus-community/pro-bing:README.md',
    date: '2026-11',
  },
];
