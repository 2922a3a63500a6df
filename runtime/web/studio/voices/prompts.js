/** What is read aloud to make a voice: sentences with many sounds and none twice, in the languages of the recordings. */

const TEXTS = {
  en: `Good morning, and welcome to our house by the river.
Please follow the green line on the floor until you see the clock.
My brother bought three fresh oranges and a jar of thick honey.
The ferry leaves at a quarter past eight, unless there is fog.
Would you rather sit near the window or close to the fire?
Seventeen small boats were pulled up on the pale yellow beach.
She laughed so loudly that the whole theatre turned round.
You will find the garden behind the church, next to the old well.
He measured the width of the bridge twice and wrote it down.
Fresh bread, strong coffee and a warm stove make any winter short.
If the judge agrees, the choir may sing here on Thursday evening.
I thought the museum would be closed, but the guard let us in.
Five thousand visitors came by bus, by bicycle and on foot.
A gentle voice is heard further than a shout, my teacher used to say.
Could you show me which of these maps is the newest one?
The young painter mixed blue, white and just a touch of orange.
When the bell rings, everybody goes out to watch the eclipse.
Thank you for your patience; we shall be with you in a moment.`,
  zh: `早上好，欢迎来到河边的这座小房子。
请沿着地上的绿线往前走，看到大钟就到了。
弟弟买了三个新鲜的橙子和一罐浓稠的蜂蜜。
渡船八点一刻出发，除非那天起了大雾。
您想坐在窗户旁边，还是靠近火炉的位置？
沙滩上停着十七条小船，船身都刷成了浅黄色。
她笑得那么响，整个剧院的人都转过头来。
花园就在教堂后面，挨着那口古老的水井。
他把桥的宽度量了两遍，仔细地记在本子上。
有了热面包、浓咖啡和暖炉，冬天也就不长了。
如果领导同意，合唱团周四晚上可以在这里演出。
我以为博物馆已经关门，没想到保安让我们进去了。
五千名游客有的坐车，有的骑车，有的步行过来。
老师常说，温和的声音比喊叫传得更远。
请问这几张地图里，哪一张是最新出版的？
年轻的画家调了蓝色和白色，又加了一点儿橘红。
铃声一响，大家就跑到外面去看日食。
谢谢您耐心等候，我们马上就来为您服务。`,
  ja: `おはようございます。川のほとりの家へようこそ。
床の緑の線に沿って、時計が見えるまで進んでください。
弟は新鮮なみかんを三つと、濃い蜂蜜を一びん買いました。
霧が出なければ、船は八時十五分に出発します。
窓のそばと暖炉の近く、どちらの席がよろしいですか。
薄い黄色の砂浜に、小さな船が十七そう並んでいました。
彼女があまり大きな声で笑うので、みんなが振り向きました。
庭は教会の裏、古い井戸のとなりにあります。
橋の幅を二回測って、手帳にきちんと書きとめました。
焼きたてのパンと熱いコーヒーがあれば、冬も短く感じます。
許可が出れば、合唱団は木曜の夜にここで歌えます。
博物館は閉まっていると思いましたが、警備員が入れてくれました。
五千人のお客さまが、バスや自転車や徒歩でいらっしゃいました。
やさしい声は叫び声より遠くまで届く、と先生はよく言いました。
この地図の中で、いちばん新しいものを教えていただけますか。
若い画家は青と白に、ほんの少しだけ橙色を混ぜました。
鐘が鳴ると、みんな外へ出て日食を眺めます。
お待ちいただきありがとうございます。まもなくご案内いたします。`,
  ko: `안녕하세요, 강가에 있는 작은 집에 오신 것을 환영합니다.
시계가 보일 때까지 바닥의 초록색 선을 따라가 주세요.
동생은 싱싱한 귤 세 개와 진한 꿀 한 병을 샀습니다.
안개가 끼지 않으면 배는 여덟 시 십오 분에 떠납니다.
창가에 앉으시겠어요, 아니면 난로 가까이 앉으시겠어요?
연한 노란색 모래밭에 작은 배 열일곱 척이 놓여 있었습니다.
그녀가 너무 크게 웃어서 극장 안의 모두가 돌아보았습니다.
정원은 교회 뒤쪽, 오래된 우물 바로 옆에 있습니다.
그는 다리의 폭을 두 번 재고 수첩에 꼼꼼히 적었습니다.
갓 구운 빵과 뜨거운 커피가 있으면 겨울도 짧게 느껴집니다.
허락이 나면 합창단이 목요일 저녁에 여기서 노래할 수 있습니다.
박물관이 닫힌 줄 알았는데 경비원이 들여보내 주었습니다.
손님 오천 명이 버스나 자전거를 타거나 걸어서 왔습니다.
부드러운 목소리가 외침보다 멀리 간다고 선생님은 늘 말씀하셨습니다.
이 지도들 가운데 어느 것이 가장 새로운지 알려 주시겠어요?
젊은 화가는 파랑과 하양에 주황을 아주 조금 섞었습니다.
종이 울리면 모두 밖으로 나가 일식을 구경합니다.
기다려 주셔서 감사합니다. 곧 안내해 드리겠습니다.`,
};

/** @param {string} language zh, en, ja or ko @returns {string[]} */
export const prompts = (language) => TEXTS[language].split("\n");

/** The sentences of somebody's own text. @param {string} text @param {string} language @returns {string[]} */
export function sentences(text, language) {
  const parts = new Intl.Segmenter(language, { granularity: "sentence" }).segment(text.normalize("NFC"));
  return [...parts].map(({ segment }) => segment.split(/\s+/).filter(Boolean).join(" ")).filter((each) => /\p{L}/u.test(each));
}

/** A text in which a voice shows itself. */
export const SAMPLES = {
  en: "This is how I sound. Ask me for the way, for the time, or for a good cup of tea.",
  zh: "这就是我说话的声音。您可以问我路怎么走，现在几点，或者哪一种茶好喝。",
  ja: "これが私の声です。道や時間、おいしいお茶のことを、どうぞお尋ねください。",
  ko: "이것이 제 목소리입니다. 길이나 시간, 맛있는 차에 대해 물어보세요.",
};
/** A sentence that carries a word of the lexicon. */
export const CARRIERS = { en: "The word is {word}.", zh: "这个词读作{word}。" };
