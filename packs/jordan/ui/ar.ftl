# ما يقوله المرشد حول كلمات الدرس. سؤال واحد على الأكثر في الرسالة.
# المخاطبة بلا تذكير ولا تأنيث: مصادر، وصيغة «لنبدأ»، وأفعال ماضية وكاف خطاب بلا تشكيل.

guide-greeting = مرحبًا! هنا مساعدة على الوصول إلى الفكرة بجهدك. يكفي للبدء كتابة الموضوع أو المسألة التي بين يديك، مثلًا: { $topics }.
guide-greeting-empty = مرحبًا! هنا مساعدة على الوصول إلى الفكرة بجهدك. يكفي للبدء كتابة الموضوع أو المسألة التي بين يديك.
guide-thanks = على الرحب والسعة. العودة ممكنة في أي وقت للخطوة التالية.
guide-thanks-open = على الرحب والسعة. ما زلنا في «{ $title }»، ويمكن كتابة الفكرة التالية في أي وقت.
guide-open = لنبدأ مما هو معروف لديك.
guide-hint = التلميح { $number } من { $total }.
guide-no-more-hints = { $total ->
    [one] قُدّم التلميح الوحيد المتاح.
    [two] قُدّم التلميحان المتاحان كلاهما.
    [few] قُدّمت التلميحات الـ{ $total } كلها.
    [many] قُدّم { $total } تلميحًا، وهي كل ما يوجد.
   *[other] قُدّم { $total } تلميح، وهي كل ما يوجد.
 } والدور الآن لك: يكفي تدوين ما يخطر ببالك، ولو بلا يقين. فكل شيء يعود إلى هذا السؤال.
guide-no-more-hints-read = قد تفيد الفقرات التي في الأسفل، فهي هنا للقراءة.
guide-unknown = هذه بداية صادقة. وهنا ما يمكن الانطلاق منه.
guide-refuse = الجواب الجاهز لا يثبت في الذاكرة، ولذلك تأتي محاولتك أولًا، ثم يأتي الشرح بعد المحاولات. وهذه خطوة للبدء.
guide-refuse-bare = هذا ثابت: محاولتك أولًا ثم الشرح. وجملة واحدة تكفي للبدء.
guide-unclear = لم تظهر لي في هذا طريقة تفكيرك. المطلوب فكرة واحدة عن الموضوع، بكلماتك.
guide-found = هذا حاضر في إجابتك: { $found }
guide-found-all = كل ما هو مهم هنا حاضر في إجابتك.
guide-found-none = شكرًا، هذه محاولة يمكن البناء عليها. لكنها لا تلامس المطلوب بعد.
guide-not-yet = هذه النتيجة ليست صحيحة بعد. لننظر مرة أخرى في الخطوة الأخيرة.
guide-nearly = بقي شيء واحد فقط.
guide-explain = المحاولة تمت، وهذا هو الشرح كاملًا.
guide-affirm = نعم، هو كذلك.
guide-check = والآن لنتحقق من ثبات الفكرة.
guide-check-right = صحيح.
guide-check-retry = ليس بعد. لننظر في السؤال مرة أخرى انطلاقًا من الشرح السابق.
guide-check-answer = الجواب الجيد يقول: { $answer }
guide-transfer = وخطوة أخرى إلى الأمام.
guide-transfer-right = تفكير جيد: انتقلت الفكرة إلى موقف جديد.
guide-transfer-answer = للمقارنة، هذا ما يحتويه جواب جيد: { $answer }
guide-closed = بهذا يكتمل «{ $title }». يمكن اختيار موضوع آخر، أو كتابة «تدريب» للحصول على سؤال جديد.
guide-lookup-term = { $term }: { $definition }
guide-lookup-learn = للفهم لا للاطلاع وحده، يمكن طرح هذا السؤال: «{ $ask }»
guide-lookup-return = العودة إلى «{ $title }» ممكنة في أي وقت.
guide-not-covered = لا درس هنا في هذا الموضوع، وقول ذلك أفضل من التخمين.
guide-not-covered-nearest = أقرب شيء إليه في هذا المنهاج: { $outcome }
guide-not-covered-topics = المساعدة ممكنة مثلًا في: { $topics }.
guide-other-language = لا يوجد درس «{ $title }» بهذه اللغة بعد؛ وهو موجود باللغة الآتية: { $language }. ويمكن تغيير لغة التعلّم في أعلى الصفحة.
guide-draft = أعلّق على نصك ولا أعيد كتابته.
guide-draft-strong = هذا حاضر في نصك: { $found }
guide-draft-missing = وهذا الجانب من الموضوع يستحق نظرة أخرى: { $question }
guide-draft-unknown = لم يتضح لي موضوع نصك. يمكن لصقه هنا مع العنوان أو السؤال الذي يجيب عنه.
guide-practice = سؤال للتدرب على «{ $title }».
guide-practice-choose = يمكن اختيار موضوع للتدرب، مثلًا: { $topics }.
guide-distress = ما كتبته هنا أمر جدي، ولست وحدك فيه. أنا برنامج ولا أغني عن إنسان، أما هؤلاء فيستطيعون المساعدة الآن:
guide-distress-help = { $title }: { $number } ({ $hours })
guide-distress-privacy = لا يُبلَّغ أحد بما كتبته هنا. ومن المفيد أيضًا إخبار شخص بالغ موثوق، إن كان ذلك ممكنًا. وعند وجود خطر في هذه اللحظة فالاتصال بالرقم { $emergency } هو الأهم.
guide-distress-open = والتعلّم هنا متاح متى أردت العودة إليه.
guide-rules = أنا برنامج لا إنسان. أعمل وفق قواعد معلنة، وهذه هي السارية لك الآن:
guide-rules-more = المواصفة الأساسية وكل تغيير عليها وسببه معلنة، وتفاصيلها تحت كل رد في «لماذا هذا الرد؟».
guide-stopped = أُوقف رد النموذج لأنه خالف قاعدة ({ $rule }). ويتابع المرشد.
guide-engine-failed = لم يُجب النموذج اللغوي، فيتابع المرشد.
guide-withheld = حُذف هذا الجزء من الرد.

disclosure-ai = هذه محادثة مع برنامج لا مع إنسان.
disclosure-guide = جمع برنامجٌ هذا الرد من دروس الحزمة وفقراتها، ولم يكتبه نموذج لغوي.
disclosure-demonstration = عرض تجريبي: كتبه نموذج لغوي صغير لا يصلح للتعليم. ولا بد من التحقق من كل شيء في الفقرات المذكورة.
disclosure-model = كتب هذا نموذج لغوي، وقد يخطئ. ويمكن التحقق منه في الفقرات المذكورة.
disclosure-illustrative = حزمة توضيحية: لم تصدرها أي جهة رسمية ولم تقرّها.
disclosure-unreviewed = لم يراجع خبيرٌ هذا الدرس ولا فقراته بعد.

# صفحات المساعد.

tutor-name = مساعد التعلّم
tutor-skip = الانتقال إلى المحتوى
tutor-lead = الوصول إلى الفكرة بجهدك، خطوة بعد خطوة. يسأل المساعد ويلمّح ويشرح من منهاج بلدك، ويبيّن من أين جاء كل شيء.
tutor-choose = اختيار مساعد
tutor-ask = ما الموضوع الذي بين يديك؟
tutor-ask-example = مثلًا: { $ask }
tutor-answer = رسالتك
tutor-send = إرسال
tutor-stop = إيقاف
tutor-hint = أريد تلميحًا
tutor-hint-message = أعطني تلميحًا
tutor-unknown = لا أعرف
tutor-unknown-message = لا أعرف
tutor-topics = الدروس
tutor-no-lessons = لا دروس بهذه اللغة بعد. والبحث عن المعاني متاح مع ذلك.
tutor-page-language = لغة هذه الصفحة
tutor-learning-language = لغة التعلّم
tutor-apply = تطبيق
tutor-reply-language = لغة الردود: { $language }. { $rule }
tutor-you = أنت
tutor-says = المساعد
tutor-outcome = نتاج التعلّم
tutor-rests-on = يستند إلى
tutor-why = لماذا هذا الرد؟
tutor-why-note = كل قاعدة ومصدر وفحص وراءه
tutor-new = سؤال جديد
tutor-delete = حذف هذه المحادثة
tutor-deleted = حُذفت المحادثة.
tutor-private = تُخزَّن هذه المحادثة مشفّرة على خادم المدرسة، ويستطيع قراءتها كل من لديه عنوان هذه الصفحة. ولا يُبلَّغ أحد بما يُكتب هنا. ويمكن حذفها في أي وقت.
tutor-writing = المساعد يكتب الآن.
tutor-finished = اكتمل الرد.
tutor-stopped = أُوقف الرد. لا يُحفظ ما كُتب حتى الآن، ويمكن إرسال الرسالة مرة أخرى.
tutor-help = خطوط المساعدة
tutor-rules = القواعد السارية هنا
tutor-illustrative = توضيحي: لم تصدر أي جهة رسمية هذا المساعد ولم تقرّه.
tutor-software = برنامج لا إنسان
tutor-not-found = لا شيء في هذا العنوان.
tutor-not-found-remedy = ربما حُذف. ويمكن البدء من جديد.
tutor-too-long = الرسالة أطول من المسموح به: عدد الأحرف الأقصى { $most }، وعددها في رسالتك { $found }.
tutor-empty = لا بد من كتابة شيء أولًا.
tutor-failed = حدث خطأ في هذا الخادم، ولم تضع رسالتك: يمكن إرسالها مرة أخرى.
tutor-home = إلى البداية
tutor-reviewed-unreviewed = لم يراجعه خبير بعد
tutor-subject-biology = العلوم الحياتية
tutor-subject-mathematics = الرياضيات
tutor-subject-history = التاريخ

why-language = لغة الرد
why-engine = كاتب الرد
why-engine-guide = المرشد (بلا نموذج لغوي)
why-kind = نوع الطلب
why-rules = القواعد المطبقة
why-rules-none = لم ينطبق أي تكييف من الحزمة؛ انطبقت المواصفة الأساسية وحدها.
why-sources = الفقرات التي يستند إليها
why-sources-none = لا يستند الرد إلى أي فقرة.
why-masked = ما حُجب قبل أن يصل إلى أي نموذج
why-masked-none = لم يلزم حجب شيء.
why-checks = الفحوص التي أُجريت على الرد
why-checks-none = لا ينطبق أي فحص آلي على هذا الرد.
why-passed = ناجح
why-failed = غير ناجح
why-stages = المراحل
why-stage = المرحلة
why-did = ما أنجزته
why-time = الزمن
why-back = العودة إلى المحادثة
why-effect = الأثر
why-basis = الأساس
why-source = المصدر
why-bundle = الحزمة المجمّعة
why-id = رقم التتبع

passage-of = من وثيقة «{ $document }»
passage-licence = الترخيص: { $licence }
passage-author = النص: { $author }
passage-reviewed = المراجعة: { $reviewed }
passage-checked = قورن بالمصدر
passage-cited = هذه هي الفقرة التي استُشهد بها.

rules-lead = هذه التكييفات على المواصفة الأساسية تسري على هذه الفئة. ولكل منها سبب ومصدر.

kind-greeting = تحية
kind-lookup = استعلام
kind-problem = مسألة
kind-draft = تعليق على مسودة
kind-practice = تدريب
kind-not_covered = خارج الدروس
kind-distress = مساعدة
kind-rules = سؤال عن القواعد
kind-thanks = شكر

effect-specialise = تخصيص
effect-add = إضافة
effect-override = استبدال
effect-omit = حذف

basis-law = قانون
basis-norm = معيار متّبع
basis-language = لغة
basis-pedagogy = تربية
basis-consultation = استشارة

# الموقع العام.

site-lead = كل فرق بين المواصفة الأساسية وهذا التوطين، مع سببه ومصدره ومن قرّره.
site-illustrative = توضيحي: كتبه هذا المشروع، ولم تصدره أي جهة رسمية ولم تقرّه.
site-overview = نظرة عامة
site-changes = التغييرات
site-sources = المصادر
site-outcomes = نتاجات التعلّم
site-evaluation = التقييم
site-spec = المواصفة الأساسية
site-layers = الطبقات
site-layers-note = لا تستطيع أي طبقة إلا أن تضيّق ما تحتها. ولا تستطيع أي طبقة إضعاف خط أحمر، والحزمة التي تحاول ذلك لا تُجمَّع.
site-count-changes = { $count ->
    [zero] لا تغييرات
    [one] تغيير واحد
    [two] تغييران
    [few] { $count } تغييرات
    [many] { $count } تغييرًا
   *[other] { $count } تغيير
 }
site-count-law = { $count ->
    [zero] لا شيء منها يستند إلى القانون
    [one] واحد منها يستند إلى القانون
    [two] اثنان منها يستندان إلى القانون
    [few] { $count } منها تستند إلى القانون
    [many] { $count } منها تستند إلى القانون
   *[other] { $count } منها تستند إلى القانون
 }
site-count-sources = { $count ->
    [zero] لا مصادر
    [one] مصدر واحد
    [two] مصدران
    [few] { $count } مصادر
    [many] { $count } مصدرًا
   *[other] { $count } مصدر
 }
site-count-lessons = { $count ->
    [zero] لا دروس
    [one] درس واحد
    [two] درسان
    [few] { $count } دروس
    [many] { $count } درسًا
   *[other] { $count } درس
 }
site-count-outcomes = نتاجات التعلّم التي لها درس: { $covered } من { $count }
site-what = ما الذي يتغير
site-base-says = نص المواصفة الأساسية
site-here = هنا
site-base-stays = يبقى نص المواصفة الأساسية ساريًا، وهذا يخصّصه.
site-base-replaced = يحل هذا محل نص المواصفة الأساسية حيث يفرض القانون ذلك.
site-base-omitted = حيث يفرض القانون ذلك تُحذف معلومات، وكل رد متأثر يقول ذلك.
site-new-section = جديد: لا يقابله شيء في المواصفة الأساسية.
site-why = السبب
site-basis = الأساس
site-effect = الأثر
site-source = المصدر
site-decided-by = صاحب القرار
site-decided-on = تاريخ القرار
site-review-by = يُراجع قبل
site-audience = الفئة
site-everybody = الجميع
site-applies = مجال السريان
site-checked = كيف يُفحص
site-machine = آليًّا
site-people = يحكم عليه الناس
site-disclosure = ما يُقال للقارئ
site-examples = أمثلة
site-good = جيد
site-bad = ليس هكذا
site-pack = الطبقة
site-force = النفاذ
site-force-in_force = نافذ
site-force-partial = نافذ جزئيًّا
site-force-enacted_not_commenced = صدر ولم يبدأ العمل به
site-force-draft = مشروع
site-force-repealed = مُلغى
site-cited-by = يستشهد به
site-kind = النوع
site-verified = تحقق منه
site-unreviewed = لم يُتحقق منه بعد
site-lesson = الدرس
site-no-lesson = لا درس بعد
site-no-evaluation = لم يُنشر أي تقييم لهذه النسخة بعد.
site-evaluation-note = مرّت أمثلة الحزم وحالاتها عبر المساعد، وقيّمت الردودَ فحوصُ التكييفات نفسها. والمجال هو مجال ويلسون بنسبة 95 %.
site-scorer = الفحص
site-passed = الناجح
site-share = النسبة
site-interval = مجال 95 %
site-engine = المحرّك
site-failures = ما لم ينجح
site-none-failed = لم يُخفق شيء.
site-data = للآلات
site-version = النسخة
site-digest = البصمة
site-unchanged = بلا تغيير
site-no-changes = هذه الطبقات لا تغيّر شيئًا.
