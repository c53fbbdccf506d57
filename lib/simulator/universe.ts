/**
 * The stocks this exchange lists. Names and exchanges are facts; prices, volumes and volatilities are plausible
 * for late 2025 and 2026, from memory, and are nobody's quotes. Contract ids are IB's where known, else made up
 * (from 900000001 on) and stable.
 */
export interface Listing {
  readonly symbol: string;
  readonly conId: number;
  readonly longName: string;
  readonly primaryExchange: "NASDAQ" | "NYSE" | "AMEX" | "ARCA" | "PINK";
  readonly kind: "COMMON" | "ETF";
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
  /** Dollars; the market wanders around it. */
  readonly referencePrice: number;
  /** Shares of an ordinary day. */
  readonly dailyVolume: number;
  /** Standard deviation of the daily log return. */
  readonly dailyVolatility: number;
  /** Correlation with the market as a whole. */
  readonly correlation: number;
  /** Quoted in 0.0001 below a dollar (Rule 612); all others in cents. */
  readonly subPenny: boolean;
}

type Row = readonly [
  symbol: string,
  conId: number,
  primaryExchange: Listing["primaryExchange"],
  longName: string,
  sector: string,
  referencePrice: number,
  dailyVolumeMillions: number,
  dailyVolatilityPercent: number,
  correlation: number,
];

/** `sector` is industry/category/subcategory as IB files them, empty for funds. */
const ROWS: readonly Row[] = [
  ["AAPL", 265598, "NASDAQ", "APPLE INC", "Technology/Computers/Computers", 270, 50, 1.5, 0.65],
  [
    "NVDA",
    4815747,
    "NASDAQ",
    "NVIDIA CORP",
    "Technology/Semiconductors/Electronic Compo-Semicon",
    182,
    190,
    2.4,
    0.7,
  ],
  [
    "TSLA",
    76792991,
    "NASDAQ",
    "TESLA INC",
    "Consumer, Cyclical/Auto Manufacturers/Auto-Cars/Light Trucks",
    405,
    85,
    3.2,
    0.6,
  ],
  [
    "IXHL",
    900000001,
    "NASDAQ",
    "INCANNEX HEALTHCARE INC",
    "Consumer, Non-cyclical/Pharmaceuticals/Medical-Drugs",
    0.42,
    18,
    8,
    0.1,
  ],
  [
    "NUAI",
    900000002,
    "NASDAQ",
    "NEW ERA ENERGY & DIGITAL INC",
    "Energy/Oil&Gas/Oil Comp-Explor&Prodtn",
    3.6,
    9,
    9,
    0.2,
  ],
  [
    "BZAI",
    900000003,
    "NASDAQ",
    "BLAIZE HOLDINGS INC",
    "Technology/Semiconductors/Electronic Compo-Semicon",
    3.1,
    6,
    6.5,
    0.3,
  ],
  [
    "ELTP",
    900000004,
    "PINK",
    "ELITE PHARMACEUTICALS INC",
    "Consumer, Non-cyclical/Pharmaceuticals/Medical-Generic Drugs",
    0.52,
    1.6,
    4,
    0.05,
  ],
  [
    "OPEN",
    900000005,
    "NASDAQ",
    "OPENDOOR TECHNOLOGIES INC",
    "Financial/Real Estate/Real Estate Mgmnt/Servic",
    7.4,
    90,
    7,
    0.35,
  ],
  [
    "CEG",
    900000006,
    "NASDAQ",
    "CONSTELLATION ENERGY",
    "Utilities/Electric/Electric-Generation",
    355,
    3.1,
    2.9,
    0.45,
  ],
  [
    "VRT",
    900000007,
    "NYSE",
    "VERTIV HOLDINGS CO-A",
    "Industrial/Electrical Compo&Equip/Power Conv/Supply Equip",
    172,
    7.5,
    3.6,
    0.55,
  ],
  [
    "PLTR",
    444857009,
    "NASDAQ",
    "PALANTIR TECHNOLOGIES INC-A",
    "Technology/Software/Applications Software",
    175,
    62,
    3.5,
    0.55,
  ],
  [
    "UPST",
    900000008,
    "NASDAQ",
    "UPSTART HOLDINGS INC",
    "Financial/Diversified Finan Serv/Finance-Consumer Loans",
    46,
    6.5,
    5.2,
    0.5,
  ],
  [
    "TEM",
    900000009,
    "NASDAQ",
    "TEMPUS AI INC",
    "Consumer, Non-cyclical/Healthcare-Services/MRI/Medical Diag Imaging",
    76,
    8,
    5,
    0.4,
  ],
  [
    "HTFL",
    900000010,
    "NASDAQ",
    "HEARTFLOW INC",
    "Consumer, Non-cyclical/Healthcare-Products/Diagnostic Equipment",
    32,
    1.1,
    4.2,
    0.25,
  ],
  [
    "SDGR",
    900000011,
    "NASDAQ",
    "SCHRODINGER INC",
    "Technology/Software/Applications Software",
    18,
    1.3,
    3.8,
    0.35,
  ],
  [
    "APLD",
    900000012,
    "NASDAQ",
    "APPLIED DIGITAL CORP",
    "Financial/Diversified Finan Serv/Finance-Other Services",
    25,
    32,
    6.5,
    0.4,
  ],
  [
    "SOFI",
    900000013,
    "NASDAQ",
    "SOFI TECHNOLOGIES INC",
    "Financial/Diversified Finan Serv/Finance-Consumer Loans",
    27.5,
    68,
    3.6,
    0.5,
  ],
  [
    "CORZ",
    900000014,
    "NASDAQ",
    "CORE SCIENTIFIC INC",
    "Financial/Diversified Finan Serv/Finance-Other Services",
    16,
    15,
    5,
    0.35,
  ],
  [
    "WULF",
    900000015,
    "NASDAQ",
    "TERAWULF INC",
    "Financial/Diversified Finan Serv/Finance-Other Services",
    13.5,
    40,
    6.2,
    0.35,
  ],
  ["QQQ", 320227571, "NASDAQ", "INVESCO QQQ TRUST SERIES 1", "", 605, 58, 1.2, 0.97],
  ["QLD", 900000016, "ARCA", "PROSHARES ULTRA QQQ", "", 70, 8, 2.4, 0.97],
  [
    "BBIO",
    900000017,
    "NASDAQ",
    "BRIDGEBIO PHARMA INC",
    "Consumer, Non-cyclical/Biotechnology/Medical-Biomedical/Gene",
    66,
    2.4,
    3.2,
    0.25,
  ],
  [
    "IMRX",
    900000018,
    "NASDAQ",
    "IMMUNEERING CORP-A",
    "Consumer, Non-cyclical/Biotechnology/Medical-Biomedical/Gene",
    6.9,
    0.9,
    6,
    0.15,
  ],
  [
    "CRGY",
    900000019,
    "NYSE",
    "CRESCENT ENERGY CO-A",
    "Energy/Oil&Gas/Oil Comp-Explor&Prodtn",
    8.7,
    4.2,
    3.1,
    0.35,
  ],
  ["SPY", 756733, "ARCA", "SPDR S&P 500 ETF TRUST", "", 668, 72, 0.95, 0.98],
  [
    "MSFT",
    272093,
    "NASDAQ",
    "MICROSOFT CORP",
    "Technology/Software/Applications Software",
    485,
    23,
    1.4,
    0.7,
  ],
  [
    "GM",
    80986742,
    "NYSE",
    "GENERAL MOTORS CO",
    "Consumer, Cyclical/Auto Manufacturers/Auto-Cars/Light Trucks",
    71,
    9,
    2.1,
    0.5,
  ],
  [
    "AMD",
    4391,
    "NASDAQ",
    "ADVANCED MICRO DEVICES",
    "Technology/Semiconductors/Electronic Compo-Semicon",
    220,
    45,
    3.4,
    0.6,
  ],
  [
    "AMZN",
    3691937,
    "NASDAQ",
    "AMAZON.COM INC",
    "Communications/Internet/E-Commerce/Products",
    228,
    42,
    1.8,
    0.65,
  ],
  [
    "IBM",
    8314,
    "NYSE",
    "INTL BUSINESS MACHINES CORP",
    "Technology/Computers/Computer Services",
    302,
    4.5,
    1.6,
    0.5,
  ],
];

/** Below a dollar the whole market quotes hundredths of a cent. */
const SUB_PENNY_PRICE_MAX = 1;

function listing(row: Row): Listing {
  const [symbol, conId, primaryExchange, longName, sector, price, volume, volatility, correlation] =
    row;
  // The subcategory of IB may itself contain a slash.
  const [industry = "", category = "", ...subcategory] = sector.split("/");
  return {
    symbol,
    conId,
    longName,
    primaryExchange,
    kind: sector === "" ? "ETF" : "COMMON",
    industry,
    category,
    subcategory: subcategory.join("/"),
    referencePrice: price,
    dailyVolume: volume * 1e6,
    dailyVolatility: volatility / 100,
    correlation,
    subPenny: price < SUB_PENNY_PRICE_MAX,
  };
}

export const UNIVERSE: readonly Listing[] = ROWS.map(listing);

const BY_SYMBOL = new Map(UNIVERSE.map((each) => [each.symbol, each])); // symbol → Listing
const BY_CON_ID = new Map(UNIVERSE.map((each) => [each.conId, each])); // conId → Listing

export function listingOf(symbol: string): Listing | undefined {
  return BY_SYMBOL.get(symbol);
}

export function listingByConId(conId: number): Listing | undefined {
  return BY_CON_ID.get(conId);
}
