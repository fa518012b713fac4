namespace MLNetHyper.Reports;

/// <summary>The style sheets of reports: that of a page of its own, and that of a part of somebody else's page.</summary>
internal static class ReportStyle
{
    /// <summary>Of a page of its own, which follows the reader's light or dark mode and prints in the light one.</summary>
    public const string Sheet = $$$"""
        :root{color-scheme:light dark;{{{Light}}}}
        @media screen and (prefers-color-scheme:dark){:root{{{{Dark}}}}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);{{{Font}}}}
        main{max-width:968px;margin:0 auto;padding:48px 24px 72px}
        {{{Rules}}}
        @media print{main{max-width:none;padding:0}.across1 svg[data-wide]{min-width:0}h2{margin-top:32px}body{font-size:11pt}.figures>div,td[style]{print-color-adjust:exact}}
        """;

    /// <summary>
    /// Of a part: every rule holds within it alone. JupyterLab and Visual Studio Code say on the page's body whether they are light or
    /// dark, which need not be what the system is.
    /// </summary>
    public const string Scoped = $$$"""
        .onepass-report{color-scheme:light dark;{{{Light}}}}
        @media screen and (prefers-color-scheme:dark){.onepass-report{{{{Dark}}}}}
        [data-jp-theme-light=true] .onepass-report,.vscode-light .onepass-report{color-scheme:light;{{{Light}}}}
        [data-jp-theme-light=false] .onepass-report,.vscode-dark .onepass-report{color-scheme:dark;{{{Dark}}}}
        .onepass-report{max-width:968px;padding:16px 24px;background:var(--page);color:var(--ink);{{{Font}}};
        *{box-sizing:border-box}
        {{{Rules}}}
        h1,h2,h3,p,pre,dd,table,caption,td,tbody th{color:inherit}p.subtitle{color:var(--soft)}
        h1{font-size:24px}h2{font-size:19px;margin:32px 0 12px}th,td{max-width:none}
        tbody tr,tbody tr:hover{background:none}table{margin:0}}
        """;

    // Colors are Okabe and Ito's without yellow, which vanishes on white. On black all are lighter, but none is another one's hue: a name keeps its color in both modes.
    private const string Light = "--page:#fff;--ink:#1d2125;--soft:#5c656e;--rule:#dfe3e7;--faint:#eef0f2;--panel:#f7f8f9;"
        + "--k0:#0072b2;--k1:#d55e00;--k2:#009e73;--k3:#cc79a7;--k4:#e69f00;--k5:#56b4e9;--k6:#4d5760;--shade:0 114 178;--dots:.45;--edge:#0003";

    private const string Dark = "--page:#14171a;--ink:#e6e8ea;--soft:#9aa4ad;--rule:#333a41;--faint:#262c31;--panel:#1b1f23;"
        + "--k0:#3f94dd;--k1:#e8762c;--k2:#1fb88d;--k3:#d894b9;--k4:#e6a922;--k5:#a6dcfb;--k6:#8d959d;--shade:86 180 233;--dots:.65;--edge:#fff3";

    private const string Font = "font:16px/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif";

    // Pictures and tables wider than the screen have a shadow at the edge beyond which they go on.
    private const string Rules = """
        h1,h2{font-family:Charter,"Bitstream Charter","Iowan Old Style",Cambria,Georgia,serif;font-weight:600;line-height:1.2;letter-spacing:-.01em;text-wrap:balance}
        h1{font-size:36px;margin:0}
        h2{font-size:24px;margin:56px 0 12px;padding-top:20px;border-top:1px solid var(--rule);break-after:avoid}
        h3{font-size:15px;font-weight:600;line-height:1.35;margin:0 0 8px}
        p{max-width:68ch;margin:12px 0}
        .subtitle{color:var(--soft);margin:8px 0 0}
        header{margin-bottom:28px}
        pre{margin:16px 0;padding:12px 16px;background:var(--panel);border:1px solid var(--rule);border-radius:6px;overflow-x:auto;font:13px/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace}
        .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(205px,100%),1fr));gap:16px;margin:24px 0}
        .figures>div{padding:14px 18px;background:var(--panel);border:1px solid var(--rule);border-radius:6px;break-inside:avoid}
        dt{font-size:13px;color:var(--soft)}
        dd{margin:0;font-size:28px;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        dd.note{font-size:13px;font-weight:400;line-height:1.4;color:var(--soft)}
        .charts{display:grid;gap:32px 32px;margin:28px 0 36px}
        .across2{grid-template-columns:repeat(auto-fit,minmax(min(380px,100%),1fr))}
        .across3{column-gap:25px;grid-template-columns:repeat(auto-fit,minmax(min(260px,100%),1fr))}
        figure{margin:0;min-width:0;break-inside:avoid}
        figcaption{font-size:14px;line-height:1.5;color:var(--soft);max-width:72ch;margin-top:6px}
        .picture,.table{overflow-x:auto;background:linear-gradient(90deg,var(--page) 40%,#0000) 0 0/40px 100% no-repeat local,linear-gradient(270deg,var(--page) 40%,#0000) 100% 0/40px 100% no-repeat local,
        linear-gradient(90deg,var(--edge),#0000) 0 0/14px 100% no-repeat,linear-gradient(270deg,var(--edge),#0000) 100% 0/14px 100% no-repeat}
        .across1 svg[data-wide]{min-width:700px}
        svg{display:block;width:100%;height:auto;font-size:12px;fill:var(--ink)}
        .key{display:flex;flex-wrap:wrap;gap:2px 20px;list-style:none;margin:0 0 8px;padding:0;font-size:13px}
        .swatch{display:inline-block;width:22px;height:0;border-top:3px solid var(--c);margin-right:7px;vertical-align:middle}
        .swatch.d1{border-top-style:dashed}.swatch.d2{border-top-style:dotted}
        .swatch.event{width:0;height:14px;border:0;border-left:2px dashed var(--c);margin:0 9px 0 4px;vertical-align:-2px}.swatch.e1{border-left-style:dotted}
        .narrow{display:none}
        @media (max-width:760px){.key.narrow{display:flex}li.narrow{display:list-item}}
        .swatch.mark{width:11px;height:11px;border:0;background:var(--c);vertical-align:-1px;print-color-adjust:exact}
        .tick,.label{fill:var(--soft);font-variant-numeric:tabular-nums}
        .name{font-variant-numeric:tabular-nums}
        .middle{text-anchor:middle}.end{text-anchor:end}
        .grid,.axis,.line,.leader,.reference,.event,.whisker,.median{fill:none}
        .grid{stroke:var(--faint)}.axis{stroke:var(--soft);opacity:.6}
        .line{stroke:var(--c);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .line.dense{stroke-width:1}
        .line.d1,.leader.d1{stroke-dasharray:7 4}.line.d2,.leader.d2{stroke-dasharray:1 4}
        .leader{stroke:var(--c);opacity:.55}
        .reference{--c:var(--soft);stroke:var(--soft);stroke-dasharray:4 4}
        .event{--c:var(--soft);stroke:var(--soft);stroke-width:1.3;stroke-dasharray:5 3}.e1{--c:var(--k1)}.event.e1{stroke:var(--k1);stroke-dasharray:1 2}
        .band{fill:var(--c);opacity:.15}
        .marker{fill:var(--c);stroke:var(--page);stroke-width:1.2}
        .hollow{fill:var(--page);stroke:var(--c);stroke-width:1.6}
        .point{fill:var(--c);fill-opacity:var(--dots)}.point:hover{fill-opacity:1}
        .point.mark{fill-opacity:.85;stroke:var(--page);stroke-width:.8}
        .hover{fill:var(--c);opacity:0}.hover:hover{opacity:1}
        .box{fill:var(--c);fill-opacity:.22;stroke:var(--c);stroke-width:1.3}
        .whisker{stroke:var(--c);stroke-width:1.3}.median{stroke:var(--c);stroke-width:3}
        .c0{--c:var(--k0)}.c1{--c:var(--k1)}.c2{--c:var(--k2)}.c3{--c:var(--k3)}.c4{--c:var(--k4)}.c5{--c:var(--k5)}.c6{--c:var(--k6)}
        .table{margin:24px 0}
        table{border-collapse:collapse;font-size:14px;line-height:1.4;min-width:min(100%,480px)}
        caption{text-align:left;font-size:15px;font-weight:600;padding-bottom:8px;position:sticky;left:0;max-width:calc(100vw - 48px)}
        th,td{text-align:left;padding:7px 16px 7px 0;border-bottom:1px solid var(--rule);font-weight:400;vertical-align:baseline}
        thead th{color:var(--soft);font-size:13px;border-bottom-color:var(--soft)}
        .number{text-align:right;white-space:nowrap;padding:7px 12px;font-variant-numeric:tabular-nums}
        td[style]{background:rgb(var(--shade) / calc(var(--share) * .5))}
        .emphasized>*{font-weight:700}
        """;
}
